import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addDays, type Day, dayBounds, localClock, quiet } from '@lazada-sof/orders';
import { aPackage } from '@lazada-sof/orders/fixture';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

const ZONE = 'Asia/Singapore';
let host: TestDb;
let accountId: string;
beforeAll(async () => {
  host = await openDbForTest({ source: 'tracking-fetch' });
});
afterAll(() => host.close());
beforeEach(async () => {
  accountId = await host.account();
});

const yesterday = (): Day => addDays(localClock(new Date(), ZONE).day, -1);
const key = () => ({ accountId, job: 'manifest', day: yesterday() }) as const;
/** The clock has asked for yesterday's manifest, and it is done. */
const asked = async () => host.db.dailyJobs.finish(key(), await host.db.dailyJobs.begin(key()));

/** A read shows that a package was set ready to ship in the last hour of yesterday. */
async function readLate(): Promise<void> {
  const orderId = await host.order(accountId);
  const readyToShipAt = new Date(dayBounds(yesterday(), ZONE).until.getTime() - 1);
  const packages = [aPackage({ id: '', readyToShipAt })];
  expect(await host.db.orders.change(orderId, (order) => quiet({ ...order, packages }))).toBeInstanceOf(Object);
}
const isDue = async () =>
  (
    await host.sql(
      `select due_at is not null as due from lazada_daily_job where account_id = $1 and job = 'manifest'`,
      [accountId],
    )
  )[0]?.due;
const manifestIs = (status: string) =>
  host.sql(
    `insert into marketplace_manifests (marketplace, account_id, manifest_date, order_item_ids, status)
     values ('lazada', $1, $2, '[]', $3)`,
    [accountId, yesterday(), status],
  );

test('a day whose packages were all read too late is asked for again', async () => {
  await asked();
  await readLate();
  expect(await isDue()).toBe(true);
});

test.each(['stored', 'failed', 'not_supported'])('one whose manifest is %s stays as it was written', async (status) => {
  await asked();
  await manifestIs(status);
  await readLate();
  expect(await isDue()).toBe(false);
});

test('one that is being asked for at this moment is due afterwards', async () => {
  await asked();
  const row = await host.db.dailyJobs.begin(key());
  await readLate();
  await host.db.dailyJobs.finish(key(), row);
  expect(await isDue()).toBe(true);
});

test('one that the clock has not asked for yet finds them by itself', async () => {
  await readLate();
  expect(await isDue()).toBeUndefined();
});
