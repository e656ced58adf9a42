/** Which acts are written one by one, and which are not, since whoever is refused may ask without end. */
import { expect, test } from '@jest/globals';
import type { Act } from '@lazada-sof/db';
import { createLogger } from '@lazada-sof/runtime';
import fastify from 'fastify';
import { auditChanges } from './audit.ts';

test.each([
  [200, 'add'],
  [401, 'addOnceAMinute'],
  [403, 'addOnceAMinute'],
  [404, 'add'],
  [422, 'add'],
  [429, 'addOnceAMinute'],
  [500, 'add'],
])('an act that ends with %i: %s', async (status, how) => {
  const calls: [string, Act][] = [];
  const audit = {
    add: async (act: Act) => void calls.push(['add', act]),
    addOnceAMinute: async (act: Act) => void calls.push(['addOnceAMinute', act]),
    addStranger: async (act: Act) => void calls.push(['addStranger', act]),
    list: async () => ({ items: [], nextCursor: null }),
  };
  const app = fastify();
  app.decorateRequest('asker', null);
  app.decorateRequest('client', { getter: () => ({ address: '203.0.113.7', network: '', host: '', isSecure: true }) });
  app.addHook('onRequest', async (request) => {
    request.asker = { kind: 'key', name: 'host', scopes: [] };
  });
  const log = createLogger({ service: 'api', level: 'error', format: 'json' });
  const nobody = { roleOf: async () => null };
  auditChanges(app, { audit, access: nobody, sessions: { read: async () => null }, log });
  app.delete('/v1/users/:name', async (_request, reply) => reply.code(status).send({}));
  await app.inject({ method: 'DELETE', url: '/v1/users/ann' });
  await app.close();
  const by = { kind: 'key', name: 'host' };
  expect(calls).toEqual([[how, expect.objectContaining({ by, act: 'DELETE /v1/users/:name', thing: 'ann', status })]]);
});
