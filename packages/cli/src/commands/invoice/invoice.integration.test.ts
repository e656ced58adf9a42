import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type JobResult, type RunningWorker, runWorker } from '@lazada-sof/queue';
import { openTestQueue, recordedLog, type TestQueue } from '@lazada-sof/testkit';
import { itemsShown, openCli, READY_PACKAGE, SAID, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
let queue: TestQueue;
let env: Record<string, string>;
let shop: string;
beforeAll(async () => {
  [cli, queue] = await Promise.all([openCli(), openTestQueue('postgres')]);
  env = { QUEUE_URL: queue.url, QUEUE_PREFIX: queue.prefix, INVOICE_TARGET_URL: 'file:///nowhere' };
});
afterAll(() => Promise.all([cli.close(), queue.close()]));
beforeEach(async () => {
  await cli.database.sql('truncate account.lazada cascade');
  shop = await cli.shop();
});

const readyOrder = (of = shop) =>
  cli.order(of, { package: READY_PACKAGE, lazada: { items: itemsShown(), items_read_at: SAID } });
/** An invoice that was fetched at this time and lies on the target, unless told otherwise. */
const invoice = (orderId: string, createdAt: string, uploadedAt: string | null = SAID, revision = 1) =>
  cli.database.sql(
    `insert into order_lazada_document (order_id, doc_type, part, revision, order_item_ids, source, source_sha256, pdf, pdf_sha256, path, created_at, uploaded_at)
     values ($1::bigint, 'invoice', 1, $4::int, '["1"]', 'x', 'x', 'x', 'x', concat('INV_', $1::bigint, '_', $4::int), $2, $3)`,
    [orderId, createdAt, uploadedAt, revision],
  );

describe('invoice re-upload', () => {
  const DAYS = '--from 2026-03-01 --to 2026-03-14';
  const sof = (args = '', given = {}) => cli.sof(`invoice re-upload ${DAYS} ${args}`.trim(), { env, ...given });
  const waiting = async () =>
    (
      await cli.database.sql(
        `select d.path from order_lazada_document d join order_lazada l using (order_id)
          where d.uploaded_at is null and l.next_attempt_at <= now() and l.invoice_status = 'fetched' order by d.id`,
      )
    ).map(({ path }) => path);

  test('owes the upload of what was fetched in these days of its account, and of nothing else', async () => {
    const thai = await cli.shop({ country: 'TH' });
    const [first, other] = [await readyOrder(), await readyOrder(thai)];
    await invoice(first.orderId, '2026-02-28T15:59:59Z');
    await invoice(first.orderId, '2026-02-28T16:00:00Z', SAID, 2);
    await invoice(other.orderId, '2026-03-14T16:59:59Z');
    await invoice((await readyOrder()).orderId, '2026-03-14T16:00:00Z');
    expect(await sof('--dry-run')).toEqual({
      code: 0,
      out: '2026-03-01 to 2026-03-14: 2 invoices would be uploaded again.\n',
      err: '',
    });
    expect(await waiting()).toEqual([]);
    expect(await sof()).toEqual({
      code: 0,
      out: '2026-03-01 to 2026-03-14: 2 invoices are uploaded again by invoice-upload; what lies on the target already stays.\n',
      err: '',
    });
    expect(await waiting()).toEqual([`INV_${first.orderId}_2`, `INV_${other.orderId}_1`]);
    expect((await cli.stored(first.orderId))?.events).toEqual(['forced']);
  });

  test('of one account alone; for machines', async () => {
    const thai = await cli.shop({ country: 'TH' });
    const [mine, other] = [await readyOrder(), await readyOrder(thai)];
    for (const { orderId } of [mine, other]) await invoice(orderId, '2026-03-05T00:00:00Z');
    const { out } = await sof(`--account ${shop} --json`);
    expect(JSON.parse(out)).toEqual({
      account: shop,
      from: '2026-03-01',
      to: '2026-03-14',
      invoices: 1,
      removed: 0,
      busy: [],
    });
    expect(await waiting()).toEqual([`INV_${mine.orderId}_1`]);
  });

  test('what was removed here is not uploaded, and told', async () => {
    const [there, removed] = [await readyOrder(), await readyOrder()];
    for (const { orderId } of [there, removed]) await invoice(orderId, '2026-03-05T00:00:00Z');
    await cli.database.sql(
      'update order_lazada_document set source = null, pdf = null, removed_at = now() where order_id = $1',
      [removed.orderId],
    );
    expect((await sof('--dry-run')).out).toContain(': 1 invoices would be uploaded again.');
    expect(await sof()).toEqual({
      code: 0,
      out: expect.stringMatching(
        /1 invoices are .*\n1 more were removed here, .* RETAIN_INVOICES says: sof invoice refetch/,
      ),
      err: '',
    });
    expect(await waiting()).toEqual([`INV_${there.orderId}_1`]);
  });

  test('said again while they wait it changes nothing', async () => {
    const { orderId } = await readyOrder();
    await invoice(orderId, '2026-03-05T00:00:00Z');
    await sof();
    expect((await sof()).out).toContain(': 0 invoices are uploaded again');
    expect((await cli.stored(orderId))?.events).toEqual(['forced']);
  });

  test('more than one transaction’s worth', async () => {
    const { orderId } = await readyOrder();
    await cli.database.sql(
      `insert into public.orders (account_id, order_number) select account_id, 'M' || n from public.orders, generate_series(1, 120) n where id = $1`,
      [orderId],
    );
    await cli.database.sql(
      `insert into order_lazada_document (order_id, doc_type, part, revision, source, source_sha256, pdf, pdf_sha256, path, created_at, uploaded_at)
       select id, 'invoice', 1, 1, 'x', 'x', 'x', 'x', 'INV_' || id, '2026-03-05', now() from public.orders where order_number like 'M%'`,
    );
    expect((await sof()).out).toContain(': 120 invoices are uploaded again');
    const [left] = await cli.database.sql(
      'select count(*)::int as n from order_lazada_document where uploaded_at is not null',
    );
    expect(left).toEqual({ n: 0 });
  });

  test.each<[what: string, args: string, settings: Record<string, string>, code: number, words: RegExp]>([
    ['no target', DAYS, { INVOICE_TARGET_URL: '' }, 1, /^INVOICE_TARGET_URL is not set/],
    ['no days', '--from x', {}, 2, /^--from: x is no day.*\n--to: is missing/],
    ['an account that there is not', `${DAYS} --account nobody`, {}, 1, /there is no account nobody/],
  ])('%s is refused in words', async (_, args, settings, code, words) => {
    const ran = await cli.sof(`invoice re-upload ${args}`, { env: { ...env, ...settings } });
    expect({ code: ran.code, err: ran.err }).toEqual({ code, err: expect.stringMatching(words) });
  });
});

describe('invoice refetch', () => {
  /** What invoice-fetch makes of the job. */
  let work: (orderId: string) => Promise<JobResult>;
  let worker: RunningWorker;
  beforeAll(async () => {
    worker = await runWorker({
      ...{ ...queue, queue: 'invoice-fetch', concurrency: 1, log: recordedLog().log },
      handlers: {
        'fetch-invoice': async ({ orderId }, { force }) => (force ? work(orderId) : 'superseded'),
        'fetch-manifest': async () => 'done',
      },
    });
  });
  afterAll(() => worker.close());

  const waits = (orderId: string) =>
    cli.database.sql(
      `insert into order_lazada_step (order_id, step, due_at, error_code, error)
       values ($1, 'invoice_fetch', now() + interval '1 h', 'not_issued', 'not issued yet')`,
      [orderId],
    );
  type Story = [
    what: string,
    work: (orderId: string) => Promise<JobResult>,
    code: number,
    became: string | null,
    words: string,
  ];
  test.each<Story>([
    [
      'another one',
      async (orderId) => {
        await invoice(orderId, '2026-03-06T00:00:00Z', null, 2);
        return 'done';
      },
      ...([0, 'fetched', 'ORDER: invoice part 1 revision 2 is stored, on its way to the target as INV_ID_2.'] as const),
    ],
    [
      'the same',
      async () => 'done',
      0,
      'same',
      'ORDER: Lazada has the invoice that is stored already, nothing is written.',
    ],
    [
      'the one that was removed here',
      async (orderId) => {
        await cli.database.sql(
          "update order_lazada_document set source = 'x', pdf = 'x', removed_at = null where order_id = $1",
          [orderId],
        );
        return 'done';
      },
      0,
      'restored',
      'ORDER: invoice part 1 revision 1 is stored here again; it is what was uploaded as INV_ID_1.',
    ],
    [
      'none',
      async (orderId) => {
        await waits(orderId);
        return 'done';
      },
      ...([0, 'waiting', 'ORDER: not there yet, it is asked for again by itself: not issued yet'] as const),
    ],
    [
      'a refusal',
      async () => ({ outcome: 'failed', reason: 'shop/1: Lazada said no' }),
      ...([1, null, 'shop/1: Lazada said no'] as const),
    ],
  ])(
    'Lazada has %s: that is told',
    async (what, does, code, became, words) => {
      work = does;
      const [people, machines] = [await readyOrder(), await readyOrder()];
      for (const { orderId } of [people, machines]) await invoice(orderId, '2026-03-05T00:00:00Z');
      if (what.includes('removed'))
        await cli.database.sql('update order_lazada_document set source = null, pdf = null, removed_at = now()');
      const told = await cli.sof(`invoice refetch ${shop} ${people.orderNumber}`, { env });
      const line = words.replace('ORDER', `${shop}/${people.orderNumber}`).replace('ID', people.orderId);
      expect({ code: told.code, said: told.out + told.err }).toEqual({ code, said: `${line}\n` });
      const { out } = await cli.sof(`invoice refetch ${shop} ${machines.orderNumber} --json`, { env });
      expect(out === '' ? null : JSON.parse(out).became).toBe(became);
    },
    60_000,
  );

  test('of an order that is not ready to ship says where the reasons are', async () => {
    work = () => Promise.reject(new Error('nobody is to be asked'));
    const { orderNumber } = await cli.order(shop);
    const { code, err } = await cli.sof(`invoice refetch ${shop} ${orderNumber}`, { env });
    expect({ code, err }).toEqual({
      code: 1,
      err: `nothing of ${shop}/${orderNumber} can be asked for as an invoice; see: npm run sof -- order explain ${shop} ${orderNumber}\n`,
    });
  });

  test('of an order that is not there names it', async () => {
    const { code, err } = await cli.sof(`invoice refetch ${shop} 404`, { env });
    expect({ code, err }).toEqual({ code: 1, err: expect.stringContaining(`account ${shop} has no order 404`) });
  });
});
