import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { addDays, type DailyKey, type Day, dueDays, MOST_DAYS_AWAY } from '@lazada-sof/orders';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());
beforeEach(() => host.sql('truncate account.lazada cascade'));

const DAY: Day = '2026-03-01';
const manifest = (accountId: string, day = DAY): DailyKey => ({ accountId, job: 'manifest', day });
const rowsOf = () =>
  host.sql<{ job: string; day: Day; tries: number; due: number | null; done: boolean; error: string | null }>(
    `select job, day::text as day, tries, extract(epoch from due_at - now())::float8 as due, done_at is not null as done,
            error from lazada_daily_job order by account_id, day`,
  );
const later = () => host.sql("update lazada_daily_job set due_at = due_at - interval '11 min'");
const add = (keys: readonly DailyKey[], db = host.db) => db.dailyJobs.add(keys, { isDone: false });
const failed = { dueAt: null, tries: 1, code: 'no', error: 'Lazada said no' };

test('two schedulers at once write and take a day once', async () => {
  const keys: DailyKey[] = [];
  for (let n = 0; n < 5; n++) {
    const accountId = await host.account();
    for (let back = 0; back < 20; back++) keys.push(manifest(accountId, addDays(DAY, -back)));
  }
  const schedulers = Array.from({ length: 4 }, () => host.another());
  const added = await Promise.all(schedulers.map((db) => add(keys, db)));
  expect(added.flat()).toHaveLength(100);
  const taken = (await Promise.all(schedulers.map(({ dailyJobs }) => dailyJobs.take()))).flat();
  expect(new Set(taken.map(({ accountId, day }) => `${accountId} ${day}`)).size).toBe(taken.length);
  const rest = await host.db.dailyJobs.take();
  expect(taken.length + rest.length).toBe(100);
});

test('what was taken is offered again after ten minutes, until it is done', async () => {
  const key = manifest(await host.account());
  await add([key]);
  expect(await host.db.dailyJobs.take()).toEqual([key]);
  expect(await host.db.dailyJobs.take()).toEqual([]);
  await later();
  expect(await host.db.dailyJobs.take()).toEqual([key]);
  await host.db.dailyJobs.finish(key, await host.db.dailyJobs.begin(key));
  await later();
  expect(await host.db.dailyJobs.take()).toEqual([]);
  expect(await rowsOf()).toMatchObject([{ due: null, done: true, tries: 0 }]);
});

test('what is written as done is never taken', async () => {
  const key: DailyKey = { accountId: await host.account(), job: 'token_warning', day: DAY };
  expect(await host.db.dailyJobs.add([key], { isDone: true })).toEqual([key]);
  expect(await host.db.dailyJobs.add([key], { isDone: true })).toEqual([]);
  expect(await host.db.dailyJobs.take()).toEqual([]);
});

describe('an account that was away', () => {
  const due = async () => {
    const { accounts, now } = await host.db.dailyJobs.accounts();
    return accounts.flatMap(({ account: { accountId, timezone }, newest }) =>
      dueDays('manifest', { now, timezone, newest: newest.manifest ?? null }).map((day) => manifest(accountId, day)),
    );
  };

  test.each([
    ['a day', 1],
    ['a week', 7],
    ['a year', 365],
  ])('for %s is caught up once', async (_, days) => {
    const accountId = await host.account();
    const [yesterday] = await due();
    await add([manifest(accountId, addDays(yesterday?.day ?? '', -days))]);
    const missed = await add(await due());
    expect(missed).toHaveLength(Math.min(days, MOST_DAYS_AWAY));
    expect(missed.at(-1)).toEqual(yesterday);
    expect(await due()).toEqual([]);
  });

  test.each([
    ['parked', "status = 'auth_failed'", "status = 'active'"],
    ['disabled', 'enabled = false', 'enabled = true'],
  ])('since it was %s keeps its days, taken when it is mended', async (_, away, back) => {
    const key = manifest(await host.account());
    await add([key]);
    await host.sql(`update account.lazada set ${away}`);
    expect(await host.db.dailyJobs.take()).toEqual([]);
    await host.sql(`update account.lazada set ${back}`);
    expect(await host.db.dailyJobs.take()).toEqual([key]);
  });

  test('since it was parked is looked at by the clock, since it was disabled or no longer sof it is not', async () => {
    const accountId = await host.account({ status: 'auth_failed' });
    await host.account({ enabled: false });
    await host.account({ delivery_type: 'dropship' });
    const { accounts } = await host.db.dailyJobs.accounts();
    expect(accounts.map(({ account }) => account.accountId)).toEqual([accountId]);
  });

  test('with a time zone that nobody knows hinders no other one', async () => {
    const junk = await host.account({ timezone: 'Mars/Olympus' });
    const blank = await host.account({ timezone: ' ', country: 'TH' });
    const good = await host.account();
    const { accounts } = await host.db.dailyJobs.accounts();
    expect(accounts.map(({ account }) => [account.accountId, account.timezone])).toEqual([
      [junk, 'Asia/Singapore'],
      [blank, 'Asia/Bangkok'],
      [good, 'Asia/Singapore'],
    ]);
    expect(await add(await due())).toHaveLength(3);
  });
});

describe('a mark that comes while the day is done', () => {
  const begun = async () => {
    const key = manifest(await host.account());
    await add([key]);
    await host.db.dailyJobs.take();
    return { key, seen: await host.db.dailyJobs.begin(key) };
  };

  test('is not lost when it is done', async () => {
    const { key, seen } = await begun();
    await host.db.dailyJobs.ask(key);
    await host.db.dailyJobs.finish(key, seen);
    expect(await host.db.dailyJobs.take()).toEqual([key]);
  });

  test('is not lost when it fails for the last time, and has all of its tries', async () => {
    const { key } = await begun();
    await host.db.dailyJobs.fail(key, { ...failed, dueAt: new Date(), tries: 8 }, await host.db.dailyJobs.begin(key));
    const seen = await host.db.dailyJobs.begin(key);
    await host.db.dailyJobs.ask(key);
    await host.db.dailyJobs.fail(key, { ...failed, tries: 9 }, seen);
    expect(await rowsOf()).toMatchObject([{ tries: 0 }]);
    expect(await host.db.dailyJobs.take()).toEqual([key]);
  });

  test('a lease that ended meanwhile is no such mark: the try is counted', async () => {
    const { key, seen } = await begun();
    await later();
    await host.db.dailyJobs.take();
    await host.db.dailyJobs.fail(key, failed, seen);
    expect(await rowsOf()).toMatchObject([{ tries: 1 }]);
  });

  test('none came: given up, with its words, until somebody asks', async () => {
    const { key, seen } = await begun();
    await host.db.dailyJobs.fail(key, failed, seen);
    expect(await rowsOf()).toMatchObject([{ due: null, done: false, error: 'Lazada said no' }]);
    await host.db.dailyJobs.ask(key);
    expect(await rowsOf()).toMatchObject([{ tries: 0, error: null }]);
    expect(await host.db.dailyJobs.take()).toEqual([key]);
  });
});

test('a day that the clock never asked for gets its row when it is begun', async () => {
  const key = manifest(await host.account());
  expect(await host.db.dailyJobs.begin(key)).toMatchObject({ dueAt: expect.any(String), tries: 0, errorCode: null });
  expect(await rowsOf()).toHaveLength(1);
});

test('since when it fails for the same reason is kept', async () => {
  const key = manifest(await host.account());
  const fail = async (code: string) =>
    host.db.dailyJobs.fail(key, { ...failed, code, dueAt: new Date() }, await host.db.dailyJobs.begin(key));
  await fail('a');
  const { since } = await host.db.dailyJobs.begin(key);
  await fail('a');
  expect((await host.db.dailyJobs.begin(key)).since).toEqual(since);
  await fail('b');
  expect((await host.db.dailyJobs.begin(key)).since.getTime()).toBeGreaterThan(since.getTime());
});
