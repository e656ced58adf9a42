import { stripVTControlCharacters } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import type { Numbers } from './numbers.ts';
import { drawScreen, type Screen } from './screen.ts';

const funnel: Numbers['funnel'] = {
  orders: 41,
  readyToShip: 40,
  trackingKnown: 39,
  shipped: 38,
  delivered: 20,
  confirmed: 12,
  invoicesFetched: 30,
  invoicesUploaded: 29,
  manifests: 2,
  firstShippedAt: null,
};
const screen: Screen = {
  numbers: {
    funnel,
    accounts: [],
    orders: [],
    shippedOrder: { orderId: '5', account: 'demo-sg', orderNumber: '4001' },
    newestIndex: null,
  },
  notes: [],
  upSeconds: 12,
  queueName: 'a Redis of its own',
  apiUrl: 'http://127.0.0.1:8080',
  simulatorUrl: 'http://127.0.0.1:21000',
  databaseUrl: 'postgres://sof:pw@127.0.0.1:22000/sof',
  user: { name: 'demo', password: 'opensesame' },
  apiKey: 'sof_not-a-real-key',
  invoices: '/there/invoices',
  imports: '/there/import',
  logs: '/there/logs',
};
const drawn = (given: Partial<Screen> = {}) => stripVTControlCharacters(drawScreen({ ...screen, ...given }));
const held = (n: number): Numbers['orders'][number] => ({
  account: 'demo-sg',
  orderNumber: String(n),
  orderId: String(n),
  kind: 'held',
  what: 'conflict',
  detail: null,
  dueAt: null,
});

describe('the screen', () => {
  test('shows the way of the orders and of the invoices', () => {
    expect(drawn()).toContain(
      'Orders 41 → ready to ship 40 → tracking known 39 → shipped 38 → delivered 20 → confirmed 12\n  Invoices fetched 30 → uploaded 29, manifests of days that are over 2',
    );
  });

  test.each([
    ['the API page', 'http://127.0.0.1:8080/docs'],
    ['the dashboard, with who may come in', 'http://127.0.0.1:8080/queues   user demo, password opensesame'],
    ['the folder of the PDFs', '/there/invoices'],
    ['the folder where files are dropped', 'Import folder    /there/import'],
    ['an order to mark delivered', 'set update_delivered = 1, delivered_at = now() where order_id = 5"'],
    [
      'how the same is told over HTTP',
      `curl -X POST http://127.0.0.1:8080/v1/orders/demo-sg/4001/status -H 'authorization: Bearer sof_not-a-real-key' -H 'content-type: application/json' -d '{"status":"delivered"}'`,
    ],
    ['how Lazada is broken', `curl -X POST http://127.0.0.1:21000/faults`],
  ])('names %s', (_what, text) => {
    expect(drawn()).toContain(text);
  });

  test('names the index of a day that is over once it lies there', () => {
    const newestIndex = { account: 'demo-sg', day: '2026-03-14', path: 'SG/2026/03/INDEX_SG_demo-sg_20260314.csv' };
    expect(drawn({ numbers: { ...screen.numbers, newestIndex } })).toContain(
      `Yesterday's index /there/invoices/${newestIndex.path}\n     anew, with the invoices that came since: npm run sof -- index re-upload demo-sg 2026-03-14`,
    );
    expect(drawn()).not.toContain('index');
  });

  test('says that nothing is wrong', () => {
    expect(drawn()).toContain('Nothing is in trouble.');
  });

  test('stays short however much is wrong', () => {
    const orders = Array.from({ length: 30 }, (_, n) => held(n));
    expect(drawn({ numbers: { ...screen.numbers, orders } })).toContain('and 22 more');
  });

  test('asks about an order that is held', () => {
    expect(drawn({ numbers: { ...screen.numbers, orders: [held(77)] } })).toContain(
      'npm run sof -- order explain demo-sg 77',
    );
  });

  test('waits with the first thing to try until an order is shipped', () => {
    expect(drawn({ numbers: { ...screen.numbers, shippedOrder: null } })).toContain(
      'waits for the first shipped order',
    );
  });

  describe('in a window', () => {
    const orders = Array.from({ length: 30 }, (_, n) => held(n));
    const troubled = { ...screen, numbers: { ...screen.numbers, orders } };
    const inWindow = (rows: number, columns: number) =>
      stripVTControlCharacters(drawScreen(troubled, { rows, columns }));

    test.each([
      ['that is large shows everything', 60, 200, { troubles: 8, addresses: true, tries: true }],
      ['with fewer rows shows fewer troubles', 34, 200, { troubles: 4, addresses: true, tries: true }],
      ['of the usual size shows the addresses', 24, 110, { troubles: 1, addresses: true, tries: false }],
      ['that is tiny shows how the orders stand', 12, 80, { troubles: 1, addresses: false, tries: false }],
    ])('%s', (_sentence, rows, columns, expected) => {
      const text = inWindow(rows, columns);
      expect(text).toContain('Orders 41');
      expect({
        troubles: text.split('is held: conflict').length - 1,
        addresses: text.includes('/docs'),
        tries: text.includes('Four things to try, in'),
      }).toEqual(expected);
    });
  });
});
