import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let now = 0;
let host: TestDb;
let accountId: string;
beforeAll(async () => {
  host = await openDbForTest({ clock: () => now });
  accountId = await host.account();
});
afterAll(() => host.close());

/** An order whose flag was set at each of these times. */
async function flagged(...minutesAgo: readonly number[]): Promise<string> {
  const orderId = await host.order(accountId);
  for (const minutes of minutesAgo)
    await host.sql(
      `insert into public.order_lazada_event (order_id, at, kind, source, data)
       values ($1, now() - $2 * interval '1 min', 'flag_set', 'host', '{}')`,
      [orderId, minutes],
    );
  return orderId;
}
const inMinutes = (seconds: number | null) => seconds && Math.round(seconds / 60);

test('how long ago a flag was set is told as of the time at which it was asked, of many orders together', async () => {
  const orderIds = [await flagged(90, 60), await flagged(), await flagged(75)];
  const first = orderIds.map((orderId) => host.db.events.secondsSinceFlag(orderId));
  now += 10 * 60_000; // all of them gather
  const [again] = orderIds.map((orderId) => host.db.events.secondsSinceFlag(orderId));
  now += 10 * 60_000;
  expect((await Promise.all(first)).map(inMinutes)).toEqual([40, null, 55]);
  expect(inMinutes((await again) ?? null)).toBe(50);
});

test('a flag that was set after it was asked is another status’s', async () => {
  const orderId = await flagged(60, 5);
  const asked = host.db.events.secondsSinceFlag(orderId);
  now += 10 * 60_000;
  expect(inMinutes(await asked)).toBe(50);
});
