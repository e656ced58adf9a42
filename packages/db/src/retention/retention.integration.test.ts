/** What goes and what stays, asked as the scheduler asks; days pass by back-dating. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Retained } from '@lazada-sof/orders';
import type pg from 'pg';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';
import type { Db } from '../open.ts';

let host: TestDb;
let scheduler: Db;
let services: pg.Client;
let accountId: string;
beforeAll(async () => {
  host = await openDbForTest();
  scheduler = host.another({ url: host.servicesUrl, source: 'scheduler' });
  services = await hostClient(host.servicesUrl);
  accountId = await host.account();
});
afterAll(async () => {
  await services.end();
  await host.close();
});

async function remove(what: Retained, days: number): Promise<number> {
  let all = 0;
  for await (const removed of scheduler.retention.remove(what, days)) all += removed;
  return all;
}

const ago = (days: number) => `now() - interval '${days} days'`;
const ahead = (days: number) => `now() + interval '${days} days'`;

describe('invoices, of which those older than 40 days are asked for', () => {
  beforeEach(() => host.sql('delete from order_lazada_document'));

  /** By SQL: 60 days old, uploaded, to be looked at no more; answers its id. */
  async function addDocument(columns: Readonly<Record<string, string>> = {}, orderId?: string): Promise<string> {
    const row = {
      order_id: orderId ?? (await host.order(accountId)),
      ...{ doc_type: "'invoice'", source: "'<html>'", source_sha256: "'s'", pdf: "'%PDF-1.7'", pdf_sha256: "'p'" },
      ...{ path: "'SG/INV.pdf'", created_at: ago(60), uploaded_at: ago(59), ...columns },
    };
    const [added] = await host.sql<{ id: string }>(
      `insert into order_lazada_document (${Object.keys(row).join(', ')}) values (${Object.values(row).join(', ')}) returning id::text as id`,
    );
    return added?.id ?? '';
  }
  const NEVER_DRAWN = { pdf: 'null', pdf_sha256: 'null', path: 'null', uploaded_at: 'null' };
  type Case = { says: string; columns: Record<string, string>; superseded?: true; goes: boolean };

  test.each<Case>([
    { says: 'one that lies on the target', columns: {}, goes: true },
    { says: 'one of 39 days', columns: { created_at: ago(39) }, goes: false },
    { says: 'one whose upload is still owed', columns: { uploaded_at: 'null' }, goes: false },
    {
      says: 'one that is superseded, and owed all the same',
      columns: { uploaded_at: 'null' },
      superseded: true,
      goes: false,
    },
    { says: 'one that is looked at again tomorrow', columns: { recheck_at: ahead(1) }, goes: false },
    { says: 'one whose look was due a week ago', columns: { recheck_at: ago(7) }, goes: false },
    { says: 'one of an account that nobody has switched on for a month', columns: { recheck_at: ago(31) }, goes: true },
    {
      says: 'one that is superseded, whatever its look',
      columns: { recheck_at: ahead(1) },
      superseded: true,
      goes: true,
    },
    { says: 'one that never became a PDF', columns: NEVER_DRAWN, goes: false },
    { says: 'one that never became a PDF, and is superseded', columns: NEVER_DRAWN, superseded: true, goes: true },
    { says: 'one that was fetched once more last week', columns: { restored_at: ago(7) }, goes: false },
    { says: 'one that was fetched once more 41 days ago', columns: { restored_at: ago(41) }, goes: true },
  ])('$says: goes $goes', async ({ columns, superseded, goes }) => {
    const orderId = await host.order(accountId);
    const documentId = await addDocument(columns, orderId);
    if (superseded) await addDocument({ revision: '2', created_at: ago(1) }, orderId);
    expect(await remove('invoices', 40)).toBe(goes ? 1 : 0);
    const [row] = await host.sql(
      'select source is null and pdf is null as empty, removed_at is not null as told from order_lazada_document where id = $1',
      [documentId],
    );
    expect(row).toEqual({ empty: goes, told: goes });
  });

  test('hash, path and size stay, and the order is as it was', async () => {
    const orderId = await host.order(accountId);
    const documentId = await addDocument({}, orderId);
    const before = await host.db.orders.load(orderId);
    await remove('invoices', 40);
    expect(await host.db.documents.pdfFacts(documentId)).toEqual({ sha256: 'p', bytes: 8 });
    expect(await host.db.documents.sizes(orderId)).toEqual(new Map([[documentId, 8]]));
    expect([await host.db.documents.file(documentId), await host.db.documents.source(documentId)]).toEqual([
      null,
      null,
    ]);
    expect(
      await host.sql('select source_sha256, source_bytes, path from order_lazada_document where id = $1', [documentId]),
    ).toEqual([{ source_sha256: 's', source_bytes: 6, path: 'SG/INV.pdf' }]);
    const after = await host.db.orders.load(orderId);
    const documents = before?.order.documents.map((one) => ({ ...one, removedAt: expect.any(Date) }));
    expect(after?.order).toEqual({ ...before?.order, documents });
  });

  test('one that a worker of before fills again is there, and goes by its new age', async () => {
    const documentId = await addDocument();
    await remove('invoices', 40);
    // Word for word its statement: it knows nothing of removing.
    await services.query(
      `update public.order_lazada_document
          set source = $2, source_mime = $3, source_sha256 = $4, pdf = $5, pdf_sha256 = $6
        where id = $1 and pdf is null`,
      [documentId, Buffer.from('<p>'), 'text/html', 's2', Buffer.from('%PDF-2'), 'p2'],
    );
    const [row] = await host.sql(
      `select removed_at, source_bytes, pdf_bytes, restored_at > now() - interval '1 min' as "isRestored"
         from order_lazada_document`,
    );
    expect(row).toEqual({ removed_at: null, source_bytes: null, pdf_bytes: null, isRestored: true });
    expect(await remove('invoices', 40)).toBe(0);
    await host.sql(`update order_lazada_document set restored_at = ${ago(41)}`);
    expect(await remove('invoices', 40)).toBe(1);
  });

  test('what somebody holds is left for the next day, and nobody waits for him', async () => {
    const [held, free] = [await addDocument(), await addDocument()];
    const holder = await hostClient(host.url);
    await holder.query('begin');
    await holder.query('select from order_lazada_document where id = $1 for update', [held]);
    expect(await remove('invoices', 40)).toBe(1);
    await holder.query('rollback');
    await holder.end();
    expect(await host.sql('select id::text as id from order_lazada_document where removed_at is not null')).toEqual([
      { id: free },
    ]);
    expect(await remove('invoices', 40)).toBe(1);
  });

  test('five hundred at a time, past those that stay', async () => {
    const orderId = await host.order(accountId);
    await host.sql(
      `insert into order_lazada_document (order_id, doc_type, part, source, source_sha256, pdf, pdf_sha256, path, uploaded_at, recheck_at, created_at)
       select $1, 'invoice', n, 'x', 's', 'x', 'p', 'p' || n, ${ago(59)}, case when n <= 700 then ${ahead(1)} end, ${ago(60)}
         from generate_series(1, 1400) n`,
      [orderId],
    );
    const pieces: number[] = [];
    for await (const removed of scheduler.retention.remove('invoices', 40)) pieces.push(removed);
    expect(pieces).toEqual([0, 300, 400, 0]);
  });

  test('those that may go are found by an index, which those that went have left', async () => {
    const [index] = await host.sql("select pg_get_indexdef('order_lazada_document_kept'::regclass) as text");
    expect(index?.text).toContain('WHERE ((removed_at IS NULL)');
  });
});

describe('events, of which those older than 40 days are asked for', () => {
  beforeEach(() => host.sql('delete from order_lazada_event; delete from lazada_retention'));
  const addEvent = async (orderId: string, at: string, data: object) => {
    await host.sql(
      `insert into order_lazada_event (order_id, kind, source, data, at, request_id) values ($1, 'noted', 'cli', $2, ${at}, 'lazada-1')`,
      [orderId, JSON.stringify(data)],
    );
  };
  const told = async (orderId: string) =>
    (await host.db.events.ofOrder(orderId)).map(({ kind, source, data, requestId }) => ({
      kind,
      source,
      data,
      requestId,
    }));
  const noted = (data: object) => ({ kind: 'noted', source: 'cli', data, requestId: 'lazada-1' });

  test.each([
    { says: 'what it tells', data: { note: 'for Ann', by: 'ann' }, left: {} },
    {
      says: 'all but what a request that comes again is answered from',
      data: { requestId: 'r-1', saying: 'x', sent: [], note: 'for Ann', by: 'ann' },
      left: { requestId: 'r-1', saying: 'x', sent: [] },
    },
    { says: 'what only bears such a name', data: { saying: 'x', sent: 'to Ann' }, left: {} },
    { says: 'nothing of one that tells nothing', data: {}, left: {} },
    { says: 'whatever it is', data: ['a', 'b'], left: {} },
  ])('goes: $says', async ({ data, left }) => {
    const [old, young] = [await host.order(accountId), await host.order(accountId)];
    await addEvent(old, ago(41), data);
    await addEvent(young, ago(39), data);
    await remove('eventData', 40);
    expect([await told(old), await told(young)]).toEqual([[noted(left)], [noted(data)]]);
  });

  test('a request that comes again has no second effect, and gets the answer of the first; another one is refused', async () => {
    const orderId = await host.order(accountId);
    const update = { status: 'delivered', occurredAt: new Date('2026-03-02T04:00:00Z'), requestId: 'r-1' } as const;
    const first = await host.db.updates.take(orderId, update, { by: 'ann' });
    const contradicts = await host.db.updates.take(orderId, { ...update, status: 'shipped' });
    expect(contradicts).toMatchObject({ is: 'refused', refusal: { kind: 'contradicts' } });
    await host.sql(`update order_lazada_event set at = ${ago(400)}`);
    await remove('eventData', 40);
    const flags = (await told(orderId)).filter(({ kind }) => kind === 'flag_set');
    expect(flags.map(({ data }) => data)).toEqual([{ requestId: 'r-1', saying: expect.any(String) }]);
    await host.sql('update order_lazada set update_delivered = 0 where order_id = $1', [orderId]);
    expect(await host.db.updates.take(orderId, update)).toEqual(first);
    expect(await host.db.updates.take(orderId, { ...update, status: 'shipped' })).toEqual(contradicts);
    expect(await host.sql('select update_delivered from order_lazada where order_id = $1', [orderId])).toEqual([
      { update_delivered: 0 },
    ]);
  });

  test('and is told what Lazada had accepted by then', async () => {
    const orderId = await host.order(accountId);
    const sent = [{ packageId: 'P-1', status: 'delivered', sentAt: '2026-03-02T04:00:00Z' }];
    await addEvent(orderId, ago(41), { requestId: 'r-1', sent, reason: 'told by Ann' });
    await remove('eventData', 40);
    expect(await host.db.updates.take(orderId, { status: 'delivered', requestId: 'r-1' })).toMatchObject({
      ...{ is: 'taken', sent: [{ ...sent[0], sentAt: new Date('2026-03-02T04:00:00Z') }] },
    });
  });

  test('one that was being written among younger ones is read all the same, when it is old', async () => {
    const orderId = await host.order(accountId);
    expect(await scheduler.retention.begin('2026-03-02')).toBe(true);
    await addEvent(orderId, ago(60), { note: 'for Ann' });
    const writer = await hostClient(host.url);
    await writer.query('begin');
    await writer.query(
      `insert into order_lazada_event (order_id, kind, source, data) values ($1, 'noted', 'cli', '{"note": "late"}')`,
      [orderId],
    );
    for (const data of [{}, {}, { note: 'young' }]) await addEvent(orderId, 'now()', data);
    expect(await remove('eventData', 40)).toBe(1);
    await writer.query('commit');
    await writer.end();
    await host.sql(`update order_lazada_event set at = ${ago(41)} where data = '{"note": "late"}'`);
    expect(await remove('eventData', 40)).toBe(1);
  });

  test('five hundred at a time, up to the first that are all younger', async () => {
    const orderId = await host.order(accountId);
    await host.sql(
      `insert into order_lazada_event (order_id, kind, source, data, at)
       select $1, 'noted', 'cli', '{"note": 1}', case when n <= 700 then ${ago(41)} else now() end from generate_series(1, 1400) n`,
      [orderId],
    );
    const pieces: number[] = [];
    for await (const removed of scheduler.retention.remove('eventData', 40)) pieces.push(removed);
    expect(pieces).toEqual([500, 200, 0]);
  });

  test('those that were gone through are not read again; one that stays among them is', async () => {
    const orderId = await host.order(accountId);
    for (const days of [60, 39, 60]) await addEvent(orderId, ago(days), { note: days });
    const [, young] = await host.sql<{ id: string }>('select id::text as id from order_lazada_event order by id');
    expect(await remove('eventData', 40)).toBe(2);
    const doneTo = async () =>
      (await host.sql<{ id: string }>('select events_done_to::text as id from lazada_retention'))[0]?.id;
    expect(await scheduler.retention.begin('2026-03-02')).toBe(true);
    expect(await remove('eventData', 40)).toBe(0);
    expect(await doneTo()).toBe(String(Number(young?.id) - 1));
    await host.sql(`update order_lazada_event set at = ${ago(41)} where id = $1`, [young?.id]);
    expect(await remove('eventData', 40)).toBe(1);
    expect(await told(orderId)).toEqual([noted({}), noted({}), noted({})]);
    expect(Number(await doneTo())).toBe(Number(young?.id) + 1);
  });
});

describe('import files, of which those that ended more than 40 days ago are asked for', () => {
  async function* bytesOf(text: string) {
    yield Buffer.from(text);
  }
  const addImport = async (status: string, days: number, dryRun = false) => {
    const { importId } = await host.db.imports.store({
      ...{ fileName: 'a.csv', source: 'api', dryRun, bytes: bytesOf(`${status} ${days} ${dryRun}`) },
    });
    await host.sql(
      `update import_file set status = $2, due_at = null, created_at = ${ago(days + 5)}, finished_at = ${ago(days)} where id = $1`,
      [importId, status],
    );
    await host.sql(
      `insert into import_error (import_id, line, field, value, reason, cells)
       select $1, n, 'status', 'x', 'no such status', '["a"]' from unnest(array[2, 3, 3000, 90000]) n`,
      [importId],
    );
    return importId;
  };
  const left = async (importId: string) =>
    (
      await host.sql(
        `select (select count(*)::int from import_chunk where import_id = $1) as chunks, count(*)::int as mistakes,
                count(cells)::int as rows from import_error where import_id = $1`,
        [importId],
      )
    )[0];
  beforeEach(() => host.sql('delete from import_file'));

  test.each([
    { says: 'a dry run that nobody ran', status: 'checked', days: 41, goes: true },
    { says: 'one that is done', status: 'done', days: 41, goes: true },
    { says: 'one that failed', status: 'failed', days: 41, goes: true },
    { says: 'one that ended lately', status: 'done', days: 39, goes: false },
    { says: 'one that still runs', status: 'running', days: 400, goes: false },
    { says: 'one that nobody has taken up', status: 'received', days: 400, goes: false },
  ])('$says: goes $goes, and the list of mistakes stays', async ({ status, days, goes }) => {
    const importId = await addImport(status, days);
    expect(await remove('imports', 40)).toBe(goes ? 1 : 0);
    expect(await left(importId)).toEqual({ chunks: goes ? 0 : 1, mistakes: 4, rows: goes ? 0 : 4 });
    expect((await host.db.imports.find(importId))?.removedAt).toEqual(goes ? expect.any(Date) : null);
    expect(await remove('imports', 40)).toBe(0);
  });

  test('those that went, and those that never go, are not read over and over', async () => {
    await host.sql(
      `insert into import_file (file_name, sha256, bytes, source, status, dry_run, created_at, removed_at)
       select 'old.csv', 'old ' || n, 4, 'api', case when n % 2 = 0 then 'done' else 'duplicate' end, false, ${ago(400)},
              case when n % 2 = 0 then now() end
         from generate_series(1, 2000) n`,
    );
    await host.sql('vacuum analyze import_file');
    await addImport('done', 41);
    const client = await hostClient(host.url);
    await client.query('begin');
    await client.query('select public.sof_remove_imports(40, 500)');
    const { rows } = await client.query<{ read: number }>(
      "select (seq_tup_read + idx_tup_fetch)::int as read from pg_stat_xact_user_tables where relname = 'import_file'",
    );
    await client.query('rollback');
    await client.end();
    expect(rows[0]?.read).toBeLessThan(10);
    expect(await remove('imports', 40)).toBe(1);
  });

  test('a dry run whose file went is not run for real, and its mistakes stay', async () => {
    const importId = await addImport('checked', 41, true);
    await remove('imports', 40);
    expect(await host.db.imports.runForReal(importId)).toMatchObject({ is: 'removed' });
    expect(await left(importId)).toMatchObject({ mistakes: 4 });
  });

  test('the same file is a duplicate all the same, and what it repeats is told as removed', async () => {
    const first = await addImport('done', 41);
    await remove('imports', 40);
    const again = await host.db.imports.store({
      ...{ fileName: 'a.csv', source: 'api', dryRun: false, bytes: bytesOf('done 41 false') },
    });
    expect(again).toMatchObject({ status: 'duplicate', duplicateOf: first, removedAt: expect.any(Date) });
  });
});

describe('manifests, of which those older than 40 days are asked for', () => {
  const KEY = { day: '2026-03-01' };
  const row = async () =>
    (
      await host.sql(
        `select status, file is null as empty, file_bytes as bytes, file_sha256 as sha, file_removed_at is not null as removed
           from marketplace_manifests where account_id = $1`,
        [accountId],
      )
    )[0];
  const store = async () => {
    const key = { ...KEY, accountId };
    await host.db.manifests.list(key, ['1']);
    await host.db.manifests.store(key, { bytes: Buffer.from('%PDF'), mime: 'application/pdf' });
  };
  const SHA = createHash('sha256').update('%PDF').digest('hex');

  test('the file goes, its hash and size stay; fetched again it is there, for as long again', async () => {
    await store();
    expect(await remove('manifests', 40)).toBe(0);
    await host.sql(`update marketplace_manifests set file_stored_at = ${ago(41)}`);
    expect(await remove('manifests', 40)).toBe(1);
    expect(await row()).toEqual({
      status: 'stored',
      empty: true,
      bytes: 4,
      sha: SHA,
      removed: true,
    });
    expect(await host.db.manifests.statusOf({ ...KEY, accountId })).toMatchObject({ removedAt: expect.any(Date) });
    await host.db.manifests.reopen({ ...KEY, accountId });
    await store();
    expect(await row()).toEqual({ status: 'stored', empty: false, bytes: null, sha: null, removed: false });
    expect(await remove('manifests', 40)).toBe(0);
  });

  test('what the host wrote stays', async () => {
    await host.sql(
      `insert into marketplace_manifests (marketplace, account_id, manifest_date, status, file) values
         ('shopee', $1, '2025-01-01', 'stored', 'x'), ('lazada', $1, '2025-01-02', 'printed', 'x')`,
      [accountId],
    );
    expect(await remove('manifests', 40)).toBe(0);
  });
});

describe('as a service, whatever it tries', () => {
  const ASKED = [
    { name: 'invoices', call: (days: string) => `select public.sof_remove_invoices(${days}, '-infinity', 0, 500)` },
    { name: 'imports', call: (days: string) => `select public.sof_remove_imports(${days}, 500)` },
    { name: 'event data', call: (days: string) => `select public.sof_remove_event_data(${days}, 0, 500)` },
  ];
  const LESS = ['29', '0', '-400', 'null', '-2147483648'];

  test.each(ASKED.flatMap(({ name, call }) => LESS.map((days) => ({ name, days, text: call(days) }))))(
    '$name of $days days are refused',
    async ({ text }) => {
      const orderId = await host.order(accountId);
      await host.sql(
        `insert into order_lazada_event (order_id, kind, source, data, at) values ($1, 'noted', 'cli', '{"note": 1}', ${ago(29)})`,
        [orderId],
      );
      await expect(services.query(text)).rejects.toThrow('nothing younger than 30 days is removed');
      expect(await host.db.events.ofOrder(orderId)).toMatchObject([{ data: { note: 1 } }]);
    },
  );

  test('what is 29 days old stays, whatever clock or path its session has', async () => {
    const orderId = await host.order(accountId);
    await host.sql(
      `insert into order_lazada_event (order_id, kind, source, data, at) values ($1, 'noted', 'cli', '{"note": 1}', ${ago(29)})`,
      [orderId],
    );
    await services.query(
      `begin; create function pg_temp.now() returns timestamptz language sql as $$ select '2999-01-01'::timestamptz $$;
       set local search_path = pg_temp, public; set local timezone = 'Pacific/Kiritimati'`,
    );
    for (const { call } of ASKED) await services.query(call('30'));
    const { rows } = await services.query('select data from public.order_lazada_event where order_id = $1', [orderId]);
    await services.query('rollback');
    expect(rows).toEqual([{ data: { note: 1 } }]);
  });

  test.each([
    "update public.order_lazada_event set data = '{}'",
    'delete from public.order_lazada_event',
    'set role lazada_sof_retention',
    'alter function public.sof_kept_until(int) rename to mine',
    'alter table public.order_lazada_event disable trigger all',
  ])('it may not: %s', async (text) => {
    await expect(services.query(text)).rejects.toThrow(/permission denied|must be owner/);
  });

  test('those who serve strangers, read or are the host may not even ask', async () => {
    const may = await host.sql<{ who: string }>(
      `select r.rolname::text as who from pg_roles r
         join pg_proc p on p.proname in ('sof_remove_invoices', 'sof_remove_imports', 'sof_remove_event_data')
        where r.rolname ~ '^sof_(api|reader|host|services)$' and has_function_privilege(r.oid, p.oid, 'execute')
        group by 1 having count(*) = 3`,
    );
    expect(may).toEqual([{ who: 'sof_services' }]);
  });

  test('what removes may remove, and nothing else of anybody’s', async () => {
    const may = await host.sql<{ what: string }>(
      `select format('%s.%s', table_name, column_name) as what from information_schema.columns
        where table_schema in ('account', 'public')
          and has_column_privilege('lazada_sof_retention', format('%I.%I', table_schema, table_name), column_name, 'insert, update')
        order by 1`,
    );
    expect(may.map(({ what }) => what)).toEqual([
      'import_error.cells',
      'import_file.removed_at',
      'import_file.removed_to',
      'order_lazada_document.pdf',
      'order_lazada_document.pdf_bytes',
      'order_lazada_document.removed_at',
      'order_lazada_document.source',
      'order_lazada_document.source_bytes',
      'order_lazada_event.data',
    ]);
  });
});

describe('whose turn it is', () => {
  const begin = (db: Db, day = '2026-03-02') => db.retention.begin(day);
  beforeEach(() => host.sql('delete from lazada_retention'));

  test('of two at once one has the day, and the next day comes', async () => {
    const other = host.another({ url: host.servicesUrl });
    expect((await Promise.all([begin(scheduler), begin(other)])).sort()).toEqual([false, true]);
    await scheduler.retention.finish('2026-03-02', { invoices: 3 });
    expect([await begin(other), await begin(other, '2026-03-03')]).toEqual([false, true]);
    expect(await host.sql('select day::text as day, removed from lazada_retention')).toEqual([
      { day: '2026-03-02', removed: { invoices: 3 } },
    ]);
  });

  test('who dies over it leaves it to another, ten minutes later', async () => {
    expect(await begin(scheduler)).toBe(true);
    await scheduler.retention.keep();
    expect(await begin(scheduler)).toBe(false);
    await host.sql("update lazada_retention set until = until - interval '10 min'");
    expect(await begin(scheduler)).toBe(true);
  });
});
