/** A database of before there was an end to what is kept, with rows in it. */
import { cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnEachPostgres, type TestDatabase } from '@lazada-sof/testkit';
import { FOLDER } from '../migrate/files.ts';
import { applyMigrations, migrate } from '../migrate/migrate.ts';
import { type Db, openDb } from '../open.ts';

const FIRST = '20261129500000';

/** The migrations of before. */
function folderOfBefore(): string {
  const folder = mkdtempSync(join(tmpdir(), 'migrations-of-before-'));
  for (const name of readdirSync(FOLDER).filter((one) => one < FIRST))
    cpSync(join(FOLDER, name), join(folder, name), { recursive: true });
  return folder;
}

await describeOnEachPostgres('what is kept on a database of before', (openEmpty) => {
  let database: TestDatabase;
  let db: Db;
  beforeAll(async () => {
    database = await openEmpty();
    const folder = folderOfBefore();
    await applyMigrations({ url: database.url, folder });
    rmSync(folder, { recursive: true });
    await database.sql(`
      insert into account.lazada (id, name, country, delivery_type, sof_username, sof_password) values (1, 's', 'SG', 'sof', 'u', 'p');
      insert into public.orders (id, account_id, order_number) values (11, 1, '11');
      insert into public.order_lazada_document (order_id, doc_type, part, source, source_sha256, pdf, pdf_sha256, path, uploaded_at, created_at)
        values (11, 'invoice', 1, 'html', 's', '%PDF', 'p', 'a.pdf', now() - interval '1 year', now() - interval '1 year'),
               (11, 'invoice', 2, 'html', 's', null, null, null, null, now() - interval '1 year');
      insert into public.order_lazada_event (order_id, kind, source, data, at)
        values (11, 'noted', 'cli', '{"note": "for Ann", "requestId": "r"}', now() - interval '1 year');
      insert into public.import_file (id, file_name, sha256, bytes, source, status, dry_run, created_at)
        values (5, 'a.csv', 'x', 4, 'api', 'checked', true, now() - interval '1 year');
      insert into public.import_chunk (import_id, position, bytes) values (5, 0, 'text');
      insert into public.import_error (import_id, line, field, value, reason, cells) values (5, 2, 'status', 'x', 'why', '["a"]');
      insert into public.marketplace_manifests (marketplace, account_id, manifest_date, status, file)
        values ('lazada', 1, current_date - 365, 'stored', '%PDF')`);
    await migrate({ url: database.url });
    db = openDb({ url: database.url, source: 'scheduler' });
  });
  afterAll(async () => {
    await db.close();
    await database.close();
  });

  const kept = () =>
    database.sql(`
      select (select array_agg(d.source is not null order by d.part) from public.order_lazada_document d) as sources,
             (select data from public.order_lazada_event where kind = 'noted') as data,
             (select count(*)::int from public.import_chunk) as chunks,
             (select count(cells)::int from public.import_error) as rows,
             (select count(file)::int from public.marketplace_manifests) as files`);

  test('nothing goes by migrating, and what is old goes when it is asked for', async () => {
    expect(await kept()).toEqual([
      { sources: [true, true], data: { note: 'for Ann', requestId: 'r' }, chunks: 1, rows: 1, files: 1 },
    ]);
    for (const what of ['invoices', 'manifests', 'imports', 'eventData'] as const)
      for await (const count of db.retention.remove(what, 300)) expect(count).toBeGreaterThanOrEqual(0);
    expect(await kept()).toEqual([{ sources: [false, true], data: { requestId: 'r' }, chunks: 0, rows: 0, files: 0 }]);
  });

  test('a document without what Lazada sent, that nobody removed, is refused as it ever was', async () => {
    await expect(database.sql('update public.order_lazada_document set source = null where part = 2')).rejects.toThrow(
      'order_lazada_document_source_check',
    );
  });
});
