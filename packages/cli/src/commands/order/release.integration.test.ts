import { afterAll, beforeAll, expect, test } from '@jest/globals';
import {
  blockedStep,
  itemsShown,
  MISMATCH,
  NOT_DELIVERED,
  type OrderRows,
  openCli,
  READY_PACKAGE,
  SAID,
  SHIPPED_PACKAGE,
  type TestCli,
} from '../../cli.fixture.ts';

let cli: TestCli;
let shop: string;
beforeAll(async () => {
  cli = await openCli();
  shop = await cli.shop();
});
afterAll(() => cli.close());

const AWAITING: OrderRows = { lazada: NOT_DELIVERED, package: SHIPPED_PACKAGE };
const NOT_SOF: OrderRows = {
  order: { update_shipping: 1, tool_status: 'ready_for_delivery' },
  lazada: { items: itemsShown({ status: 'pending', packageId: null, sof: false }), items_read_at: SAID },
};

test.each<[ended: string, rows: OrderRows, after: object]>([
  ['awaiting_release', AWAITING, { lazada: { not_delivered_released_at: expect.any(String), hold_reason: null } }],
  ['blocked', { package: READY_PACKAGE, step: blockedStep('shipped') }, { blocked: [] }],
  ['not_sof', NOT_SOF, { lazada: { next_attempt_at: expect.any(String) } }],
  ['status_mismatch', MISMATCH, { package: { state: 'shipped', delivered_at: null, delivered_sent_at: null } }],
])('ends %s', async (ended, rows, after) => {
  const { orderNumber, orderId } = await cli.order(shop, rows);
  const { code, out } = await cli.sof(`order release ${shop} ${orderNumber}`);
  expect({ code, out }).toEqual({ code: 0, out: `Released ${shop}/${orderNumber}: ${ended}.\n` });
  const stored = await cli.stored(orderId);
  expect(stored).toMatchObject(after);
  expect(stored?.events).toContain('released');
});

test('what is released once is not released twice, and the way to look is told', async () => {
  const { orderNumber } = await cli.order(shop, AWAITING);
  expect(await cli.json(`order release ${shop} ${orderNumber}`)).toEqual({ released: ['awaiting_release'] });
  expect(await cli.sof(`order release ${shop} ${orderNumber}`)).toEqual({
    code: 1,
    out: '',
    err: expect.stringMatching(
      new RegExp(`^${shop}/${orderNumber} cannot be released: nothing of it waits .* "explain" `),
    ),
  });
});
