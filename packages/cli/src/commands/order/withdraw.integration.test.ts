import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { DELIVERED, openCli, READY_PACKAGE, SAID, SHIPPED_PACKAGE, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
let shop: string;
beforeAll(async () => {
  cli = await openCli();
  shop = await cli.shop();
});
afterAll(() => cli.close());

const SENT = { ...SHIPPED_PACKAGE, state: 'delivered', delivered_at: SAID, delivered_sent_at: SAID };

test('takes back what was said and not sent, and tells it', async () => {
  const { orderNumber, orderId } = await cli.order(shop, { lazada: DELIVERED, package: READY_PACKAGE });
  expect(await cli.sof(`order withdraw ${shop} ${orderNumber}`)).toEqual({
    ...{ code: 0, err: '' },
    out: `Withdrew ${shop}/${orderNumber}: what was said of it and was not sent.\n`,
  });
  expect(await cli.stored(orderId)).toMatchObject({
    lazada: { update_delivered: 0, delivered_at: null },
    events: ['withdrawn'],
  });
});

test('takes back of one package what was said of it alone', async () => {
  const own = { ...READY_PACKAGE, delivered_at: SAID };
  const { orderNumber, orderId } = await cli.order(shop, { lazada: DELIVERED, package: own });
  expect(await cli.json(`order withdraw ${shop} ${orderNumber} --package FP1`)).toEqual({
    updateId: expect.stringMatching(/^\d+$/),
    order: `/v1/orders/${shop}/${orderNumber}`,
    sent: [],
  });
  expect(await cli.stored(orderId)).toMatchObject({ lazada: { update_delivered: 1 }, package: { delivered_at: null } });
});

test('says what Lazada has accepted where nothing is left to take back', async () => {
  const { orderNumber, orderId } = await cli.order(shop, { package: SENT });
  const { code, err } = await cli.sof(`order withdraw ${shop} ${orderNumber}`);
  expect({ code, err }).toEqual({
    code: 1,
    err:
      `${shop}/${orderNumber} cannot be withdrawn: nothing is left to take back: what was said has been sent, or nothing was said; what Lazada has accepted is mended in the Seller Center. ` +
      'Lazada has accepted, which stays: FP1 delivered (2026-02-02T00:00:00.000Z).\n',
  });
  expect(await cli.stored(orderId)).toMatchObject({ package: { delivered_at: expect.any(String) }, events: ['noted'] });
});

test('names a package that is not there, and those that are', async () => {
  const { orderNumber } = await cli.order(shop, { lazada: DELIVERED, package: READY_PACKAGE });
  const { code, err } = await cli.sof(`order withdraw ${shop} ${orderNumber} --package FP9`);
  expect({ code, err }).toEqual({
    code: 1,
    err: `${shop}/${orderNumber} cannot be withdrawn: the order has no such package; there is FP1 (TN1).\n`,
  });
});

test('an order that is not there is named', async () => {
  const { code, err } = await cli.sof(`order withdraw ${shop} 404`);
  expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`account ${shop} has no order 404`) });
});
