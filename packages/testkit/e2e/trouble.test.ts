/** Bad input and trouble: each says why, stops what it must, and nothing else. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

await describeOnRedis('trouble', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({ queue: 'redis', services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'] });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const account = async (name: string) => (await stage.sql('select * from account.lazada where name = $1', [name]))[0];

  describe('an order', () => {
    test.each([
      { says: 'without items is held', items: 0, wanted: { hold_reason: 'not_sof', update_shipping: 1 } },
      {
        says: 'with cancelled items alone is skipped',
        items: [{ status: 'canceled' }, { status: 'canceled' }],
        wanted: { status: 'cancelled', hold_reason: null, update_shipping: 0 },
      },
      {
        says: 'whose buyer asked to cancel is held',
        items: [{ isCancelPending: true }],
        wanted: { hold_reason: 'cancel_pending', update_shipping: 1 },
      },
      {
        says: 'of another courier is held',
        items: [{ isSof: false }],
        wanted: { hold_reason: 'not_sof', update_shipping: 1 },
      },
      {
        says: 'with one cancelled item ships the rest',
        items: [{ status: 'canceled' }, {}],
        wanted: { state: 'shipped', update_shipping: 0 },
      },
    ])(
      '$says',
      async ({ items, wanted }) => {
        const [number = ''] = await stage.addOrders({ account: 'demo-sg', items });
        await stage.reaches(number, wanted);
      },
      30_000,
    );
  });

  test('an order whose item shows a status that nobody knows stands still; the status is counted by its name, and told once', async () => {
    const shows = { pending: 'Resting_At_The_Hub' };
    const numbers = await stage.addOrders({ account: 'demo-sg', items: 1, count: 3, script: { shows } });
    const { healthUrl, log } = stage.system.worker('status-sync');
    const counted = async () => {
      const page = await (await fetch(`${healthUrl}/metrics`)).text();
      return /^sof_unknown_statuses_total\{status="resting_at_the_hub"\} 3$/m.test(page);
    };
    await until(counted, { what: 'the status is counted', withinMs: 15_000 });
    for (const number of numbers) await stage.reaches(number, { status: 'new', package_id: null, update_shipping: 1 });
    expect(readFileSync(log.file, 'utf8').match(/"status":"resting_at_the_hub"/g)).toHaveLength(1);
  }, 30_000);

  test('an order whose items have the names of the field goes through all the same', async () => {
    const shows = { pending: 'topack', ready_to_ship: 'TOSHIP', shipped: 'Shipped', delivered: 'confirmed' };
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 2, script: { shows } });
    await stage.reaches(number, { state: 'shipped', update_shipping: 0 });
  }, 30_000);

  describe('an answer', () => {
    test.each([
      { says: 'that is an HTML page', fault: { status: 200, body: '<html>maintenance</html>' } },
      { says: 'that is empty', fault: { status: 200, body: '' } },
      { says: 'that breaks off in the middle', fault: { drop: 'half' } },
      { says: 'that is no answer but a reset', fault: { drop: 'before' } },
      { says: 'of 502', fault: { status: 502, body: 'bad gateway' } },
    ])(
      '$says costs a try and no order',
      async ({ fault }) => {
        await stage.lazada.post('/faults', { api: 'lazada', times: 2, ...fault });
        const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
        await stage.reaches(number, { state: 'shipped' }, 40_000);
      },
      60_000,
    );
  });

  test('a wrong password parks its account after one attempt, and the others go on', async () => {
    await stage.addAccount('wrong', { sof_password: 'not-the-password' });
    const numbers = await stage.addOrders({ account: 'wrong', items: 1, count: 20 });
    await until(async () => (await account('wrong'))?.status === 'auth_failed', {
      what: 'the account is parked',
      withinMs: 20_000,
    });
    const [good = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
    await stage.reaches(good, { state: 'shipped' });
    // Good accounts sign in as they need to: only what was refused counts.
    expect((await stage.lazada.counts()).refusals.wrong_password).toBe(1);
    expect(String((await account('wrong'))?.status_reason)).not.toContain('not-the-password');

    // The right one, by the host's own hand: that alone un-parks it, and its orders go on.
    const { accounts } = await stage.lazada.get<{ accounts: { name: string; sofPassword: string }[] }>(
      '/control/accounts',
    );
    await stage.sql("update account.lazada set sof_password = $1 where name = 'wrong'", [
      accounts.find(({ name }) => name === 'wrong')?.sofPassword,
    ]);
    for (const number of numbers) await stage.reaches(number, { state: 'shipped' });
    expect((await account('wrong'))?.status).toBe('active');
  }, 90_000);

  test('a time zone that nobody can use parks its account with words, and correcting it lets its orders go on', async () => {
    await stage.addAccount('misled', { timezone: 'Mars/Olympus' });
    const [number = ''] = await stage.addOrders({ account: 'misled', items: 1 });
    await until(async () => (await account('misled'))?.status === 'auth_failed', {
      what: 'the account is parked',
      withinMs: 20_000,
    });
    expect((await account('misled'))?.status_reason).toContain('time zone "Mars/Olympus" is no IANA time zone');
    await stage.sql("update account.lazada set timezone = null where name = 'misled'");
    await stage.reaches(number, { state: 'shipped' });
  }, 60_000);

  test('an enabled sof account without a password is refused by the table itself', async () => {
    await expect(
      stage.sql(
        "insert into account.lazada (name, country, delivery_type, sof_username) values ('empty', 'SG', 'sof', 'x')",
      ),
    ).rejects.toThrow('lazada_sof_needs_username_and_password');
  });

  test('both flags are held for a person, and taking one back sends the other', async () => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
    await stage.reaches(number, { state: 'shipped' });
    const set = (text: string) =>
      stage.sql(
        `update public.order_lazada set ${text} where order_id = (select id from public.orders where order_number = $1)`,
        [number],
      );
    await set('update_delivered = 1, update_not_delivered = 1');
    await stage.reaches(number, { hold_reason: 'conflict', state: 'shipped' });
    await set('update_not_delivered = 0');
    await stage.reaches(number, { state: 'delivered', hold_reason: null, update_delivered: 0 });
    expect(await stage.lazada.statuses(number)).toEqual([['shipped', 'delivered']]);
  }, 30_000);

  test('not delivered waits for a release', async () => {
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
    await stage.reaches(number, { state: 'shipped' });
    await stage.sql(
      "update public.order_lazada set update_not_delivered = 1, not_delivered_reason = 'nobody at home' where order_id = (select id from public.orders where order_number = $1)",
      [number],
    );
    await stage.reaches(number, { hold_reason: 'awaiting_release', state: 'shipped' });
    await stage.sql("update account.lazada set auto_send_not_delivered = true where name = 'demo-sg'");
    await stage.reaches(number, { state: 'not_delivered', update_not_delivered: 0 });
  }, 30_000);

  test('nothing came twice, and nothing was refused but what a test asked for', async () => {
    const { refusals, duplicates, endedWithoutShipped } = await stage.lazada.counts();
    expect({ duplicates, endedWithoutShipped }).toEqual({ duplicates: 0, endedWithoutShipped: 0 });
    // The wrong password, once; and calls repeated after an answer that was lost on its way.
    expect(
      Object.keys(refusals).filter((reason) => !['wrong_password', 'already_packed', 'already_ready'].includes(reason)),
    ).toEqual([]);
  });
});
