import { expect, test } from '@jest/globals';
import { operationIdOf } from './operation-id.ts';
import { ROUTES, type Route } from './routes.ts';

test.each<[Route['method'], string, string]>([
  ['GET', '/v1/orders', 'getOrders'],
  ['GET', '/v1/orders/:account/:orderNumber', 'getOrder'],
  ['GET', '/v1/orders/:account/:orderNumber/invoice.pdf', 'getOrderInvoicePdf'],
  ['POST', '/v1/accounts/:name/test', 'postAccountTest'],
  ['DELETE', '/session', 'deleteSession'],
])('%s %s is %s', (method, url, id) => expect(operationIdOf({ method, url })).toBe(id));

test('no two routes have one', () => {
  const ids = ROUTES.map(operationIdOf);
  expect(new Set(ids).size).toBe(ids.length);
});
