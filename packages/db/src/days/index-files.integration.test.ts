import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Account,
  addDays,
  type DailyRow,
  type Decide,
  dayBounds,
  type IndexRow,
  localClock,
  type Order,
  quiet,
  recordDocument,
  recordUploaded,
} from '@lazada-sof/orders';
import { anItem, aPackage } from '@lazada-sof/orders/fixture';
import { openDbForTest, type TestDb } from '../db.fixture.ts';

const ZONE = 'Asia/Singapore';
let host: TestDb;
let account: Account;
beforeAll(async () => {
  host = await openDbForTest({ source: 'invoice-upload' });
});
afterAll(() => host.close());
beforeEach(async () => {
  const made = await host.db.accounts.byId(await host.account());
  if (!made) throw new Error('the account is gone');
  account = made;
});

const yesterday = () => addDays(localClock(new Date(), ZONE).day, -1);
/** So many hours after that day began by the account's clock. */
const at = (day: string, hours: number) => new Date(dayBounds(day, ZONE).from.getTime() + hours * 3_600_000);

async function change(orderId: string, decide: Decide): Promise<Order> {
  const changed = await host.db.orders.change(orderId, decide);
  if (typeof changed !== 'object') throw new Error(`order ${orderId} is ${changed}`);
  return changed.order;
}
type Made = { readonly orderId: string; readonly number: string };
/** An order whose packages were set ready at these times, of an account of its own kind. */
async function readyOrder(number: string, ...times: Date[]): Promise<Made> {
  const orderId = await host.order(account.accountId, { order_number: number });
  const packages = times.map((readyToShipAt, n) => aPackage({ id: '', packageId: `FP${n}`, readyToShipAt }));
  const items = times.map((_, n) => anItem({ orderItemId: `${n}`, packageId: `FP${n}` }));
  await change(orderId, (order) => quiet({ ...order, items, itemsReadAt: new Date(), packages }));
  return { orderId, number };
}
const addInvoice = ({ orderId, number }: Made, { part = 1, revision = 1, path = `INV_${number}.pdf` } = {}) =>
  change(orderId, (order) =>
    recordDocument(order, {
      ...{ docType: 'invoice', part, revision, orderItemIds: part > 1 ? [] : ['0', '1'], path },
      ...{ source: Buffer.from(path), sourceMime: 'application/pdf', pdf: Buffer.from(path), recheckAt: null },
    }),
  );
async function rowsOf(day = yesterday()): Promise<IndexRow[]> {
  const all: IndexRow[] = [];
  await host.db.indexFiles.eachRows(account.accountId, dayBounds(day, ZONE), (rows) => void all.push(...rows));
  return all;
}
const shortOf = (rows: readonly IndexRow[]) =>
  rows.map(({ orderNumber, invoice, invoiceStatus }) => [orderNumber, invoice?.path, invoice?.revision, invoiceStatus]);

describe('the lines of a day', () => {
  test('none where nothing was set ready', async () => expect(await rowsOf()).toEqual([]));

  test('that day by the clock of the account: its first moment, and not its last', async () => {
    const day = yesterday();
    await readyOrder('5002', at(day, 0));
    await readyOrder('5001', at(day, 23.9));
    await readyOrder('5003', at(day, 24));
    await readyOrder('5004', at(day, -0.1));
    expect(shortOf(await rowsOf())).toEqual([
      ['5001', undefined, undefined, 'waiting'],
      ['5002', undefined, undefined, 'waiting'],
    ]);
  });

  test('an order once, however many of its packages were set ready on it; on two days, in both', async () => {
    const day = yesterday();
    const before = addDays(day, -1);
    await readyOrder('5010', at(day, 1), at(day, 2));
    await readyOrder('5011', at(day, 1), at(before, 2));
    expect(shortOf(await rowsOf(day)).map(([number]) => number)).toEqual(['5010', '5011']);
    expect(shortOf(await rowsOf(before)).map(([number]) => number)).toEqual(['5011']);
  });

  test('each part of an invoice, in its newest revision, with the sum of its bytes', async () => {
    const order = await readyOrder('5020', at(yesterday(), 1));
    await addInvoice(order);
    await addInvoice(order, { revision: 2, path: 'INV_5020_R2.pdf' });
    await addInvoice(order, { part: 2, path: 'INV_5020_P2.pdf' });
    const rows = await rowsOf();
    expect(shortOf(rows)).toEqual([
      ['5020', 'INV_5020_R2.pdf', 2, 'fetched'],
      ['5020', 'INV_5020_P2.pdf', 1, 'fetched'],
    ]);
    const [{ sha } = {}] = await host.sql('select pdf_sha256 as sha from order_lazada_document where path = $1', [
      'INV_5020_R2.pdf',
    ]);
    expect(rows[0]?.invoice?.sha256).toBe(sha);
  });

  test('one that has no PDF is a gap, and an older one that has is told', async () => {
    const [gap, older] = [await readyOrder('5030', at(yesterday(), 1)), await readyOrder('5031', at(yesterday(), 1))];
    await addInvoice(gap);
    await addInvoice(older);
    await addInvoice(older, { revision: 2, path: 'INV_5031_R2.pdf' });
    await host.sql('update order_lazada_document set pdf = null, pdf_sha256 = null where path = any ($1)', [
      ['INV_5030.pdf', 'INV_5031_R2.pdf'],
    ]);
    expect(shortOf(await rowsOf()).map((row) => row.slice(0, 3))).toEqual([
      ['5030', undefined, undefined],
      ['5031', 'INV_5031.pdf', 1],
    ]);
  });

  test('one whose bytes were removed is told as before: its file lies on the target', async () => {
    const order = await readyOrder('5032', at(yesterday(), 1));
    await addInvoice(order);
    const before = await rowsOf();
    await host.sql(
      'update order_lazada_document set pdf = null, source = null, removed_at = now() where order_id = $1',
      [order.orderId],
    );
    expect(await rowsOf()).toEqual(before);
  });

  test('many come in pieces, by the bytes of their numbers', async () => {
    await host.sql(
      "insert into orders (account_id, order_number) select $1, 'n' || n from generate_series(1, 6000) n",
      [account.accountId],
    );
    await host.sql(
      `insert into order_lazada_package (order_id, package_id, state, ready_to_ship_at)
       select id, 'FP', 'shipped', $2 from orders where account_id = $1`,
      [account.accountId, at(yesterday(), 3)],
    );
    const pieces: number[] = [];
    const numbers: string[] = [];
    await host.db.indexFiles.eachRows(account.accountId, dayBounds(yesterday(), ZONE), (rows) => {
      pieces.push(rows.length);
      numbers.push(...rows.map(({ orderNumber }) => orderNumber));
    });
    expect(pieces).toEqual([5000, 1000]);
    expect(numbers).toEqual(numbers.toSorted());
  });

  test('not those of another account', async () => {
    await readyOrder('5040', at(yesterday(), 1));
    const other = await host.account();
    await host.db.indexFiles.eachRows(other, dayBounds(yesterday(), ZONE), () => {
      throw new Error('it has none');
    });
  });
});

describe('the newest file of a day', () => {
  test('is written over by whoever has seen it, and by nobody who has not', async () => {
    const key = { accountId: account.accountId, day: yesterday() };
    expect(await host.db.indexFiles.newest(key)).toBeNull();
    await host.db.indexFiles.record(key, { revision: 1, path: 'a', sha256: '1' }, null);
    await host.db.indexFiles.record(key, { revision: 2, path: 'b', sha256: '2' }, 1);
    const late = host.db.indexFiles.record(key, { revision: 3, path: 'c', sha256: '1' }, 1);
    await expect(late).rejects.toMatchObject({ kind: 'transient', code: 'index_written_meanwhile' });
    const newest = { revision: 2, path: 'b', sha256: '2', writtenAt: expect.any(Date) };
    expect(await host.db.indexFiles.newest(key)).toEqual(newest);
  });
});

/** The row of that day's index. */
const jobOf = async (day = yesterday()) =>
  (
    await host.sql<{ due: number | null; tries: number; error_code: string | null }>(
      `select round(extract(epoch from due_at - now()) / 60)::int as due, tries, error_code
         from lazada_daily_job where account_id = $1 and job = 'index' and day = $2`,
      [account.accountId, day],
    )
  )[0];

describe('a change of an invoice makes the index of its days due', () => {
  const key = (day = yesterday()) => ({ accountId: account.accountId, job: 'index', day }) as const;
  async function finish(day = yesterday()): Promise<DailyRow> {
    const row = await host.db.dailyJobs.begin(key(day));
    await host.db.dailyJobs.finish(key(day), row);
    return row;
  }
  const write = (minutesAgo: number, day = yesterday()) =>
    host.sql(
      `insert into order_lazada_index (account_id, day, revision, path, sha256, written_at)
       values ($1, $2, 1, 'a', '1', now() - make_interval(mins => $3))`,
      [account.accountId, day, minutesAgo],
    );

  test('an hour after the last file, a minute from now where that is over or there is none', async () => {
    const order = await readyOrder('6001', at(yesterday(), 1));
    await finish();
    expect(await jobOf()).toMatchObject({ due: null });
    await addInvoice(order);
    expect(await jobOf()).toMatchObject({ due: 1 });
    await write(20);
    await finish();
    const changed = await addInvoice(order, { revision: 2, path: 'r2' });
    expect(await jobOf()).toMatchObject({ due: 40 });
    await finish();
    const { documentId = '' } = changed.documents[0] ?? {};
    await change(order.orderId, (fresh, now) => recordUploaded(fresh, documentId, 'elsewhere', now));
    expect(await jobOf()).toMatchObject({ due: 40 });
    await host.sql("update order_lazada_index set written_at = now() - interval '2 h' where account_id = $1", [
      account.accountId,
    ]);
    await finish();
    await addInvoice(order, { revision: 3, path: 'r3' });
    expect(await jobOf()).toMatchObject({ due: 1 });
  });

  test('when it is given up too', async () => {
    const { orderId } = await readyOrder('6002', at(yesterday(), 1));
    await finish();
    const givenUp = {
      step: 'invoice_fetch',
      ref: '',
      dueAt: null,
      since: new Date(),
      tries: 1,
      blocked: true,
    } as const;
    const steps = [{ ...givenUp, errorCode: 'missing', error: 'there is none' }];
    await change(orderId, (order) => quiet({ ...order, steps }));
    expect(await jobOf()).toMatchObject({ due: 1 });
  });

  test('of every day on which packages of it were set ready', async () => {
    const before = addDays(yesterday(), -1);
    const order = await readyOrder('6003', at(yesterday(), 1), at(before, 1));
    await Promise.all([finish(), finish(before)]);
    await addInvoice(order);
    expect([await jobOf(), await jobOf(before)]).toMatchObject([{ due: 1 }, { due: 1 }]);
  });

  test('a package that turns out to have been set ready on a day that is over', async () => {
    await finish();
    await readyOrder('6004', at(yesterday(), 1));
    expect(await jobOf()).toMatchObject({ due: 1 });
  });

  test('a day that was never asked for stays so', async () => {
    await addInvoice(await readyOrder('6005', at(yesterday(), 1)));
    expect(await jobOf()).toBeUndefined();
  });

  test('while it is being made: it is due afterwards', async () => {
    const order = await readyOrder('6006', at(yesterday(), 1));
    await host.db.dailyJobs.ask(key());
    const row = await host.db.dailyJobs.begin(key());
    await addInvoice(order);
    await host.db.dailyJobs.finish(key(), row);
    expect(await jobOf()).toMatchObject({ due: 0 });
    await finish();
    expect(await jobOf()).toMatchObject({ due: null });
  });

  test('one that waits after a failure is hurried by nothing, one that was given up is tried anew', async () => {
    const order = await readyOrder('6007', at(yesterday(), 1));
    const failure = { tries: 9, code: 'reset', error: 'the target is away' };
    await host.db.dailyJobs.begin(key());
    await host.db.dailyJobs.fail(
      key(),
      { ...failure, dueAt: new Date(Date.now() + 3 * 3_600_000) },
      await host.db.dailyJobs.begin(key()),
    );
    await addInvoice(order);
    expect(await jobOf()).toMatchObject({ due: 180, tries: 9, error_code: 'reset' });
    await host.db.dailyJobs.fail(key(), { ...failure, tries: 16, dueAt: null }, await host.db.dailyJobs.begin(key()));
    await addInvoice(order, { revision: 2, path: 'r2' });
    expect(await jobOf()).toMatchObject({ due: 1, tries: 0, error_code: null });
  });

  test('many at once, of two days, in two processes: none waits for another for ever', async () => {
    const before = addDays(yesterday(), -1);
    const orders = await Promise.all(
      Array.from({ length: 12 }, (_, n) => readyOrder(`62${n}`, at(yesterday(), 1), at(before, 1))),
    );
    await Promise.all([finish(), finish(before)]);
    await Promise.all(orders.map((order) => addInvoice(order)));
    expect([await jobOf(), await jobOf(before)]).toMatchObject([{ due: 1 }, { due: 1 }]);
  });

  test('somebody who asks while it is made is not forgotten either', async () => {
    await host.db.dailyJobs.ask(key());
    const row = await host.db.dailyJobs.begin(key());
    await host.db.dailyJobs.ask(key());
    await host.db.dailyJobs.finish(key(), row);
    expect((await host.db.dailyJobs.standing(key())).isAsked).toBe(true);
    await finish();
    expect(await host.db.dailyJobs.standing(key())).toEqual({ isAsked: false, error: null });
  });
});

describe('a day whose index is not there', () => {
  const counted = async () => (await host.db.gauges()).indexesMissing[account.name];
  const begin = (day: string) => host.db.dailyJobs.begin({ accountId: account.accountId, job: 'index', day });
  const missing = (day: string) => host.db.indexFiles.missing(account, day);
  const longAgo = () => addDays(yesterday(), -3);

  test('is missing with the words of what went wrong, until it is written', async () => {
    const day = longAgo();
    const key = { accountId: account.accountId, job: 'index', day } as const;
    await readyOrder('7001', at(day, 1));
    await begin(day);
    expect([await missing(day), await counted()]).toEqual([{ code: null, error: null }, 1]);
    const failure = { dueAt: null, tries: 16, code: 'reset', error: 'the target is away' };
    await host.db.dailyJobs.fail(key, failure, await host.db.dailyJobs.begin(key));
    expect([await missing(day), await counted()]).toEqual([{ code: 'reset', error: 'the target is away' }, 1]);
    await host.db.indexFiles.record(key, { revision: 1, path: 'a', sha256: '1' }, null);
    expect([await missing(day), await counted()]).toEqual([null, undefined]);
  });

  test('has none to be, where nothing was set ready', async () => {
    const day = longAgo();
    const row = await begin(day);
    expect(await missing(day)).toBeNull();
    await host.db.dailyJobs.finish({ accountId: account.accountId, job: 'index', day }, row);
    expect(await counted()).toBeUndefined();
  });

  test('is no matter before 06:00 of the day after, nor of an account that is disabled', async () => {
    await begin(localClock(new Date(), ZONE).day);
    expect(await counted()).toBeUndefined();
    await begin(longAgo());
    await begin(addDays(longAgo(), -1));
    expect(await counted()).toBe(2);
    await host.sql('update account.lazada set enabled = false where id = $1', [account.accountId]);
    expect(await counted()).toBeUndefined();
  });
});
