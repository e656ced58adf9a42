import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openProducer } from '@lazada-sof/queue';
import { openTestQueue, type TestQueue } from '@lazada-sof/testkit';
import { openCli, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
let queue: TestQueue;
let env: Record<string, string>;
let shop: string;
beforeAll(async () => {
  [cli, queue] = await Promise.all([openCli(), openTestQueue('postgres')]);
  env = { QUEUE_URL: queue.url, QUEUE_PREFIX: queue.prefix };
});
afterAll(() => Promise.all([cli.close(), queue.close()]));
beforeEach(async () => {
  await cli.database.sql('truncate account.lazada cascade');
  shop = await cli.shop();
  for (const created_at of ['2026-03-01T00:00:00Z', '2026-03-14T12:00:00Z', '2026-03-15T00:00:00Z', null])
    await cli.order(shop, { order: { created_at } });
});

const DAYS = '--from 2026-03-01 --to 2026-03-14';
const sof = (args: string, given = {}) =>
  cli.sof(`backfill --account ${shop} ${DAYS} ${args}`.trim(), { env, ...given });
const rows = () =>
  cli.database.sql(
    'select first_day::text as from, last_day::text as to, orders, done, due_at is not null as due from lazada_backfill_run',
  );
const row = { from: '2026-03-01', to: '2026-03-14', orders: 3 };
const jobs = async () => {
  const producer = await openProducer(queue);
  try {
    const found = await Promise.all(producer.queues().map((one) => one.getJobs(['waiting', 'delayed', 'prioritized'])));
    const accountId = (await cli.database.sql('select id::text from account.lazada'))[0]?.id;
    return found
      .flat()
      .filter(({ data }) => data.accountId === accountId)
      .map(({ queueName, name, data, opts }) => ({ queue: queueName, name, data, behind: opts.priority }));
  } finally {
    await producer.close();
  }
};
/** As tracking-fetch leaves it. */
const leave = (set: string) => cli.database.sql(`update lazada_backfill_run set ${set}`);
const isAsked = async () => {
  while ((await rows()).length === 0) await sleep(100);
};
/** What happens to it while the command looks on. */
const meanwhile = async (set: string, run: Promise<{ code: number; out: string; err: string }>) => {
  await isAsked();
  await leave(set);
  return run;
};

describe('asked for', () => {
  test('it is written, handed to tracking-fetch behind all others, and once however often it is said', async () => {
    const { accountId } = (await cli.database.sql('select id::text as "accountId" from account.lazada'))[0] ?? {};
    const first = await sof('--no-wait');
    expect(first).toEqual({
      code: 0,
      out: `${shop}, 2026-03-01 to 2026-03-14: 0 of 3 orders; it goes on in tracking-fetch.\n`,
      err: '',
    });
    await sof('--no-wait');
    expect(await rows()).toEqual([{ ...row, done: 0, due: true }]);
    const data = { v: 1, accountId, from: '2026-03-01', to: '2026-03-14' };
    expect(await jobs()).toEqual([{ queue: 'tracking-fetch', name: 'backfill', data, behind: 1 }]);
  }, 30_000);

  test('it is looked on until it is finished, and those left out are told', async () => {
    const trouble = JSON.stringify([{ orderNumber: '4001', reason: 'no such order' }]);
    const end = `done = 3, left_out = 2, troubles = '${trouble}', due_at = null, finished_at = now()`;
    expect(await meanwhile(end, sof(''))).toEqual({
      code: 0,
      out: [
        `${shop}, 2026-03-01 to 2026-03-14: 1 orders were read again, 2 were left out:`,
        '  4001: no such order',
        '  and 1 more, which the log of tracking-fetch names\n',
      ].join('\n'),
      err: '',
    });
  }, 30_000);

  test('for machines: how it stands in the end', async () => {
    const { out } = await meanwhile('done = 3, due_at = null, finished_at = now()', sof('--json'));
    expect(JSON.parse(out)).toEqual({
      ...{ account: shop, from: '2026-03-01', to: '2026-03-14', state: 'finished', orders: 3, done: 3, leftOut: 0 },
      ...{ troubles: [], error: null, waitsUntil: null },
    });
  }, 30_000);

  test.each([
    ['stopped', 'stopped_at = now()', /stopped by somebody after 1 of 3 orders; the same command goes on where it was/],
    [
      'given up',
      "stopped_at = now(), error_code = 'http_503', error = 'Lazada is away'",
      /given up after 1 of 3 orders: Lazada is away; the same command goes on where it was/,
    ],
  ])(
    '%s meanwhile it fails, with the way on',
    async (_, set, words) => {
      const { code, err } = await meanwhile(`done = 1, due_at = null, ${set}`, sof(''));
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(words) });
      await sof('--no-wait');
      expect(await rows()).toEqual([{ ...row, done: 1, due: true }]);
    },
    30_000,
  );

  test('Ctrl-C ends looking on, and nothing else', async () => {
    const { code, out, err } = await sof('', { interruptAfter: isAsked });
    expect({ code, out }).toEqual({ code: 130, out: '' });
    expect(err).toBe(
      `${shop}, 2026-03-01 to 2026-03-14: 0 of 3 orders so far; it goes on without you. The same command looks on again, with --stop it is stopped.\n`,
    );
    expect(await rows()).toEqual([{ ...row, done: 0, due: true }]);
  }, 30_000);
});

describe('--stop', () => {
  test('stops it, and says how it goes on', async () => {
    await sof('--no-wait');
    await leave('done = 2');
    expect(await sof('--stop')).toEqual({
      code: 0,
      out: `${shop}, 2026-03-01 to 2026-03-14: stopped after 2 of 3 orders; the same command without --stop goes on where it was.\n`,
      err: '',
    });
    expect(await rows()).toEqual([{ ...row, done: 2, due: false }]);
    await sof('--no-wait');
    expect(await rows()).toEqual([{ ...row, done: 2, due: true }]);
  }, 30_000);

  test('of one that there is not, or that is finished, fails', async () => {
    expect(await sof('--stop')).toMatchObject({ code: 1, err: expect.stringMatching(/there is no such backfill/) });
    await sof('--no-wait');
    await leave('due_at = null, finished_at = now()');
    expect(await sof('--stop')).toMatchObject({
      code: 1,
      err: expect.stringMatching(/is finished, nothing was stopped/),
    });
  }, 30_000);
});

describe('--dry-run', () => {
  test('tells how many orders that are, and asks for nothing', async () => {
    expect(await sof('--dry-run', { env: {} })).toEqual({
      code: 0,
      out: `${shop}, 2026-03-01 to 2026-03-14: 3 orders would be read again.\n`,
      err: '',
    });
    expect(JSON.parse((await sof('--dry-run --json')).out)).toEqual({
      ...{ account: shop, from: '2026-03-01', to: '2026-03-14', orders: 3 },
    });
    expect([await rows(), await jobs()]).toEqual([[], []]);
  });
});

describe('refused', () => {
  test.each<[what: string, args: string, code: number, words: RegExp]>([
    ['nothing said', '', 2, /^--account: is missing.*\n--from: is missing.*\n--to: is missing/],
    ['no days', '--account x --from 2026-02-30 --to soon', 2, /^--from: 2026-02-30 is no day.*\n--to: soon is no day/],
    [
      'days in the wrong order',
      '--account x --from 2026-03-14 --to 2026-03-01',
      2,
      /^--to: 2026-03-01 lies before --from/,
    ],
    ['both', `--account x ${DAYS} --dry-run --stop`, 2, /^--dry-run: changes nothing, --stop does/],
    ['an account that there is not', `--account nobody ${DAYS}`, 1, /there is no account nobody/],
  ])('%s', async (_, args, code, words) => {
    const ran = await cli.sof(`backfill ${args}`, { env });
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringMatching(words) });
    expect([await rows(), await jobs()]).toEqual([[], []]);
  });

  test('an account that is not sof', async () => {
    await cli.database.sql("update account.lazada set delivery_type = 'pickup'");
    const { code, err } = await sof('');
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/its delivery type is pickup/) });
  });

  test('a queue that is away: nothing was asked for', async () => {
    const { code, err } = await sof('', { env: { QUEUE_URL: 'redis://127.0.0.1:1' } });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^queue at redis:.* cannot be reached/) });
    expect(await rows()).toEqual([]);
  });
});
