import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { invoiceTarget } from '@lazada-sof/connectors';
import { addDays, type InvoiceTarget, localClock, recordDocument, recordUploaded } from '@lazada-sof/orders';
import { dayJob } from '@lazada-sof/queue';
import {
  ended,
  openWorkerStage,
  type ServedFolder,
  SHOP,
  servedFolder,
  startStandIn,
  type WorkerStage,
} from '@lazada-sof/testkit';
import { uploadIndex } from './upload-index.ts';

const ZONE = 'Asia/Singapore';
let stage: WorkerStage;
let server: Awaited<ReturnType<typeof startStandIn>>;
let folder: ServedFolder;
const targets: InvoiceTarget[] = [];
let accountId = '';
beforeAll(async () => {
  [stage, server] = await Promise.all([openWorkerStage('invoice-upload'), startStandIn('sftp')]);
  folder = servedFolder(server.folder);
  const [row] = await stage.sql('select id::text as id from account.lazada where name = $1', [SHOP]);
  accountId = String(row?.id);
});
afterAll(async () => {
  await Promise.all(targets.map((target) => target.close()));
  await Promise.all([stage.close(), server.close()]);
});
beforeEach(async () => {
  server.faults.clear();
  await folder.clear();
  await stage.calm();
  for (const table of ['orders', 'lazada_daily_job', 'order_lazada_index'])
    await stage.sql(`delete from public.${table}`);
});

function open(): InvoiceTarget {
  const target = invoiceTarget(server.url);
  targets.push(target);
  return target;
}

const day = () => addDays(localClock(new Date(), ZONE).day, -1);
const key = (date = day()) => ({ accountId, job: 'index', day: date }) as const;
/** The job of a day, as the worker runs it. */
function write(date = day(), target: InvoiceTarget | null = open(), random = () => 0.5) {
  const { db } = stage;
  const perform = uploadIndex({ target, files: db.indexFiles });
  const job = dayJob({ job: 'index', rows: db.dailyJobs, accounts: db.accounts, perform, random });
  return ended(job({ accountId, date, signal: new AbortController().signal }));
}

const pathOf = (revision = '', date = day()) =>
  `SG/${date.slice(0, 4)}/${date.slice(5, 7)}/INDEX_SG_${SHOP}_${date.replaceAll('-', '')}${revision}.csv`;
/** Moves the packages of an order to noon of a day by the account's clock. */
const setReadyOn = (number: string, ...dates: string[]) =>
  stage.sql(
    `with numbered as (select p.id, row_number() over (order by p.id) as n from public.order_lazada_package p
                         join public.orders o on o.id = p.order_id where o.order_number = $1)
     update public.order_lazada_package p
        set ready_to_ship_at = (($2::text[])[least(n, cardinality($2::text[]))] || ' 12:00:00+08')::timestamptz
       from numbered where numbered.id = p.id`,
    [number, dates],
  );
async function addOrder(...dates: string[]): Promise<string> {
  const number = await stage.addReadyOrder(
    dates.length > 1 ? { items: dates.length, script: { itemsPerPackage: 1 } } : {},
  );
  await setReadyOn(number, ...(dates.length > 0 ? dates : [day()]));
  return number;
}
/** An invoice that is stored, and lies on the target as far as the rows know. */
async function addInvoice(number: string, revision = 1): Promise<{ path: string; sha256: string }> {
  const { orderId, items } = await stage.order(number);
  const path = `SG/INV_${number}_${revision}.pdf`;
  const pdf = Buffer.from(`%PDF-1.7 ${path}`);
  const orderItemIds = (items ?? []).map(({ orderItemId }) => orderItemId);
  await stage.db.orders.change(orderId, (order) =>
    recordDocument(order, {
      ...{ docType: 'invoice', recheckAt: null, part: 1, revision, orderItemIds, path },
      ...{ source: pdf, sourceMime: 'application/pdf', pdf, recheckAt: null },
    }),
  );
  const { documentId } = (await stage.order(number)).documents.at(-1) ?? { documentId: '' };
  await stage.db.orders.change(orderId, (order, now) => recordUploaded(order, documentId, path, now));
  const [row] = await stage.sql('select pdf_sha256 as sha from public.order_lazada_document where id = $1', [
    documentId,
  ]);
  return { path, sha256: String(row?.sha) };
}
const HEADER = 'order_number,path,revision,sha256,status\r\n';
const gap = (number: string) => `${number},,,,waiting\r\n`;
const line = (number: string, { path, sha256 }: { path: string; sha256: string }, revision = 1) =>
  `${number},${path},${revision},${sha256},uploaded\r\n`;
const anHourPasses = () =>
  stage.sql("update public.order_lazada_index set written_at = written_at - interval '61 min'");
const rowOf = async (date = day()) =>
  (
    await stage.sql(
      `select due_at is not null as due, round(extract(epoch from due_at - now()) / 60)::int as minutes, tries, error_code
         from public.lazada_daily_job where account_id = $1 and job = 'index' and day = $2`,
      [accountId, date],
    )
  )[0];

describe('the index of a day', () => {
  test('done: every order of that day, with its invoice or as a gap', async () => {
    const numbers = [await addOrder(), await addOrder()].toSorted();
    const [withInvoice = '', without = ''] = numbers;
    const invoice = await addInvoice(withInvoice);
    expect(await write()).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({ [pathOf()]: HEADER + line(withInvoice, invoice) + gap(without) });
    expect(await stage.db.indexFiles.newest(key())).toMatchObject({ revision: 1, path: pathOf() });
    expect(await rowOf()).toMatchObject({ due: false, error_code: null });
  });

  test('run twice, and at the same time: it is put there once', async () => {
    await addOrder();
    expect(await Promise.all([write(), write()])).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
    await write();
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
  });

  test('where only the answer was lost, the next try finds its own file', async () => {
    await addOrder();
    server.faults.set('drop-rename', 1);
    expect(await write()).toMatchObject({ outcome: 'retried', code: 'reset' });
    expect(await write()).toEqual({ outcome: 'done' });
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
  });

  test('a day on which nothing was set ready has none, with or without a target', async () => {
    await addOrder(addDays(day(), -1));
    expect([await write(), await write(day(), null)]).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
    expect([await folder.tree(), await rowOf()]).toMatchObject([{}, { due: false, error_code: null }]);
  });

  test('an order over two days is told of in both, and both are written again', async () => {
    const before = addDays(day(), -1);
    const number = await addOrder(before, day());
    await Promise.all([write(), write(before)]);
    const invoice = await addInvoice(number);
    await anHourPasses();
    await Promise.all([write(), write(before)]);
    expect(await folder.tree()).toEqual({
      [pathOf()]: HEADER + gap(number),
      [pathOf('_R2')]: HEADER + line(number, invoice),
      [pathOf('', before)]: HEADER + gap(number),
      [pathOf('_R2', before)]: HEADER + line(number, invoice),
    });
  });
});

describe('a later invoice', () => {
  test('makes it due, an hour after the last file, under the next name; what was there stays', async () => {
    const number = await addOrder();
    await write();
    const invoice = await addInvoice(number);
    expect(await rowOf()).toMatchObject({ due: true, minutes: 60 });
    await anHourPasses();
    expect(await write()).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({
      [pathOf()]: HEADER + gap(number),
      [pathOf('_R2')]: HEADER + line(number, invoice),
    });
    const next = await addInvoice(number, 2);
    await anHourPasses();
    await write();
    expect((await folder.tree())[pathOf('_R3')]).toBe(HEADER + line(number, next, 2));
    expect(await rowOf()).toMatchObject({ due: false });
  });

  test('within the hour it waits for the rest of it, without a try, whoever hands the job on', async () => {
    const number = await addOrder();
    await write();
    await addInvoice(number);
    expect(await write()).toEqual({ outcome: 'done' });
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
    expect(await rowOf()).toMatchObject({ minutes: 60, tries: 0, error_code: 'index_rests' });
  });

  test('while it is being written is not lost', async () => {
    const number = await addOrder();
    const target = open();
    const late: InvoiceTarget = {
      ...target,
      async put(...given) {
        await addInvoice(number);
        return target.put(...given);
      },
    };
    expect(await write(day(), late)).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({ [pathOf()]: HEADER + gap(number) });
    expect(await rowOf()).toMatchObject({ due: true });
    await write();
    expect(await rowOf()).toMatchObject({ minutes: 60 });
  });

  test('that changes nothing in it writes nothing', async () => {
    await addOrder();
    await write();
    await anHourPasses();
    expect(await write()).toEqual({ outcome: 'done' });
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
  });
});

describe('somebody asks for it', () => {
  const ask = () => stage.db.dailyJobs.ask(key());

  test('within the hour: it is written at once, and no second time', async () => {
    const number = await addOrder();
    await write();
    const invoice = await addInvoice(number);
    await ask();
    expect(await write()).toEqual({ outcome: 'done' });
    expect((await folder.tree())[pathOf('_R2')]).toBe(HEADER + line(number, invoice));
    expect(await stage.db.dailyJobs.standing(key())).toEqual({ isAsked: false, error: null });
  });

  test('where the newest has that content: nothing', async () => {
    await addOrder();
    await write();
    await ask();
    await write();
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
  });

  test('where somebody has taken the file away: it lies there again, under its name', async () => {
    const number = await addOrder();
    await write();
    await folder.clear();
    await write();
    expect(await folder.tree()).toEqual({});
    await ask();
    await write();
    expect(await folder.tree()).toEqual({ [pathOf()]: HEADER + gap(number) });
  });
});

describe('where the target does not take it', () => {
  test('no target is set: it waits for a day, without a try', async () => {
    await addOrder();
    expect(await write(day(), null)).toEqual({ outcome: 'done' });
    expect(await rowOf()).toMatchObject({ minutes: 24 * 60, tries: 0, error_code: 'no_target' });
    expect(await write()).toEqual({ outcome: 'done' });
    expect(Object.keys(await folder.tree())).toEqual([pathOf()]);
  });

  test('another account whose name comes to the same is named, and nothing is written under it', async () => {
    await addOrder();
    const [other] = await stage.sql(
      "insert into account.lazada (name, country, enabled) values ('other shop', 'SG', false) returning id::text as id",
    );
    const file = { revision: 3, path: pathOf('_R3'), sha256: 'of another' };
    await stage.db.indexFiles.record({ accountId: String(other?.id), day: day() }, file, null);
    expect(await write()).toMatchObject({
      outcome: 'failed',
      reason: expect.stringContaining(
        `the index of account ${SHOP} would be ${pathOf()}, which is account other shop's`,
      ),
    });
    expect(await folder.tree()).toEqual({});
  });

  test('a name that other content has is left alone: the next free one is taken', async () => {
    const number = await addOrder();
    const bytes = Buffer.from('somebody else wrote this');
    for (const path of [pathOf(), pathOf('_R2')])
      await open().put({ path, read: async () => ({ bytes, sha256: '' }) }, () => path);
    expect(await write()).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({
      [pathOf()]: bytes.toString(),
      [pathOf('_R2')]: bytes.toString(),
      [pathOf('_R3')]: HEADER + gap(number),
    });
    expect(await stage.db.indexFiles.newest(key())).toMatchObject({ revision: 3, path: pathOf('_R3') });
  });

  test('not ready: its login is refused, so it waits on its ladder', async () => {
    await addOrder();
    server.faults.set('refuse-login', 1);
    expect(await write()).toMatchObject({ outcome: 'snoozed', code: 'login_refused' });
    expect(await rowOf()).toMatchObject({ due: true, tries: 0, error_code: 'login_refused' });
  });

  test('transient: a connection that is cut costs a try', async () => {
    await addOrder();
    server.faults.set('drop-upload', 1);
    expect(await write()).toMatchObject({ outcome: 'retried', reason: expect.stringContaining(`${SHOP}/${day()}: `) });
    expect(await rowOf()).toMatchObject({ tries: 1, error_code: 'reset' });
    expect(await write()).toEqual({ outcome: 'done' });
  });
});

test('a day that is not over is refused by name, and nothing is written', async () => {
  const today = addDays(day(), 1);
  await addOrder(today);
  expect(await write(today)).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('is not over') });
  expect([await folder.tree(), await rowOf(today)]).toEqual([{}, undefined]);
});
