import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type LoggedLine,
  openLocalFolder,
  openTestDatabase,
  recordedLog,
  type ServedFolder,
  servedFolder,
  startStandIn,
  type TestDatabase,
} from '@lazada-sof/testkit';
import { openWatcher, type Watcher } from './watcher.fixture.ts';

const CSV = 'account,order_number,status,occurred_at\nshop,400100000214683,delivered,2026-03-14 15:09\n';
const HEADER = 'line,field,value,reason\r\n';

type Opened = { url: URL; folder: string; close(): Promise<void> };
const PLACES: [string, () => Promise<Opened>][] = [
  ['a local folder', async () => openLocalFolder()],
  ['FTP', () => startStandIn('ftp')],
  ['SFTP', () => startStandIn('sftp')],
];

let database: TestDatabase;
let server: Opened;
let folder: ServedFolder;
let watcher: Watcher;
let lines: readonly LoggedLine[];
const closing: (() => Promise<void>)[] = [];

async function begin(start: () => Promise<Opened>): Promise<void> {
  [database, server] = await Promise.all([openTestDatabase(), start()]);
  closing.push(
    () => server.close(),
    () => database.close(),
  );
  folder = servedFolder(server.folder);
  watcher = another();
}
function another(more: Partial<Parameters<typeof openWatcher>[0]> = {}): Watcher {
  const recorded = recordedLog();
  const one = openWatcher({
    ...{ databaseUrl: database.as('services'), folderUrl: server.url, log: recorded.log },
    ...more,
  });
  lines = recorded.lines;
  closing.unshift(() => one.close());
  return one;
}
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

const drop = (name: string, content = CSV) => folder.leave(name, Buffer.from(content));
/** As the worker leaves it. */
const end = (status: string, error: string | null = null) =>
  database.sql(
    "update import_file set status = $1, error = $2, due_at = null, finished_at = now() where status in ('received', 'running')",
    [status, error],
  );
const looks = async (count: number, by = watcher) => {
  for (let n = 0; n < count; n += 1) await by.look();
};
const imports = () =>
  database.sql<{ file_name: string; status: string; source: string }>(
    'select file_name, status, source from import_file order by id',
  );
const names = async () => Object.keys(await folder.tree()).sort();
const left = () => database.sql('select name from import_watched_file');

describe.each(PLACES)('a folder that is watched: %s', (_, start) => {
  beforeEach(() => begin(start));

  test('a file becomes an import once it has stopped growing, and goes to processed/ with its result', async () => {
    await drop('รายงาน 1.csv');
    await looks(1);
    expect([await imports(), watcher.asked]).toEqual([[], []]);
    await drop('รายงาน 1.csv', `${CSV}more`);
    await looks(1);
    expect(await imports()).toEqual([]);
    await looks(1);
    expect(await imports()).toEqual([{ file_name: 'รายงาน 1.csv', status: 'received', source: 'import' }]);
    expect(watcher.asked).toEqual([{ name: 'import-file', data: { v: 1, importId: '1' } }]);
    await looks(2);
    expect(await names()).toEqual(['รายงาน 1.csv']);
    await database.sql(
      "insert into import_error (import_id, line, field, value, reason) values (1, 2, 'status', '=gone', 'why')",
    );
    await end('done');
    await looks(1);
    expect(await folder.tree()).toEqual({
      'processed/รายงาน 1.csv': `${CSV}more`,
      'processed/รายงาน 1.csv.result.csv': `${HEADER}2,status,'=gone,why\r\n`,
    });
    expect([await left(), lines.filter(({ level }) => level === 'warn')]).toEqual([[], []]);
  });

  test('one that failed goes to failed/, and its result says why', async () => {
    await drop('a.csv');
    await looks(2);
    await end('failed', 'it is a picture');
    await looks(1);
    expect(await folder.tree()).toEqual({
      'failed/a.csv': CSV,
      'failed/a.csv.result.csv': `${HEADER},file,a.csv,it is a picture\r\n`,
    });
  });

  test('the same file again goes there too, beside the first, and its result says so', async () => {
    await drop('a.csv');
    await looks(2);
    await end('done');
    await looks(1);
    await drop('a.csv');
    await looks(3);
    expect(await names()).toEqual([
      ...['processed/a.csv', 'processed/a.csv.result.csv', 'processed/a_2.csv', 'processed/a_2.csv.result.csv'],
    ]);
    expect((await folder.tree())['processed/a_2.csv.result.csv']).toContain('imported before as “a.csv” (import 1)');
  });

  test('names that say that a file is not whole are left alone', async () => {
    for (const name of ['.a.csv', 'a.csv.part', 'a.tmp']) await drop(name);
    await looks(3);
    expect([await imports(), await left()]).toEqual([[], []]);
  });
});

describe('what is dropped', () => {
  beforeEach(() => begin(async () => openLocalFolder()));

  test('under a name that a file is being imported under stays, and is taken afterwards', async () => {
    await drop('a.csv');
    await looks(2);
    await drop('a.csv', `${CSV}anew`);
    await end('done');
    await looks(1);
    expect(await names()).toEqual(['a.csv', 'processed/a.csv.result.csv']);
    await looks(2);
    await end('done');
    await looks(1);
    expect(await names()).toEqual([
      ...['processed/a.csv.result.csv', 'processed/a_2.csv', 'processed/a_2.csv.result.csv'],
    ]);
    expect((await imports()).map(({ status }) => status)).toEqual(['done', 'done']);
  });

  test('and taken away again before it is taken is forgotten; afterwards its result comes alone', async () => {
    await drop('a.csv');
    await looks(1);
    await folder.clear();
    await looks(2);
    expect([await imports(), await left()]).toEqual([[], []]);
    await drop('b.csv');
    await looks(2);
    await folder.clear();
    await end('done');
    await looks(1);
    expect([await names(), await left()]).toEqual([['processed/b.csv.result.csv'], []]);
  });

  test('and deleted as an import by somebody is told so', async () => {
    await drop('a.csv');
    await looks(2);
    await watcher.db.imports.forget('1');
    await looks(1);
    expect(await names()).toEqual(['failed/a.csv', 'failed/a.csv.result.csv']);
  });

  test('while it is read and grows is not taken', async () => {
    const growing = another({
      around: (tools) => ({
        ...tools,
        imports: {
          ...tools.imports,
          store: async (file) => {
            const stored = await tools.imports.store(file);
            await drop('a.csv', `${CSV}${CSV}`);
            return stored;
          },
        },
      }),
    });
    await drop('a.csv');
    await looks(2, growing);
    expect([await imports(), growing.asked]).toEqual([[], []]);
  });

  test('under a name that no server can be told keeps no other waiting, and is told once', async () => {
    await drop('a\\b.csv');
    await drop('c.csv');
    await looks(4);
    expect((await imports()).map(({ file_name }) => file_name)).toEqual(['c.csv']);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  test('and larger than an import may be goes to failed/ with the reason', async () => {
    const { FileRefused } = await import('@lazada-sof/orders');
    const refusing = another({
      around: (tools) => ({
        ...tools,
        imports: { ...tools.imports, store: () => Promise.reject(new FileRefused('it has more than 1 GiB')) },
      }),
    });
    await drop('a.csv');
    await looks(3, refusing);
    expect((await folder.tree())['failed/a.csv.result.csv']).toBe(`${HEADER},file,a.csv,it has more than 1 GiB\r\n`);
  });

  test('is taken once by two that watch', async () => {
    const other = another();
    for (let n = 0; n < 12; n += 1) await drop(`${n}.csv`, `${CSV}${n}`);
    for (let round = 0; round < 4; round += 1)
      await Promise.all([watcher.look(), other.look(), watcher.look(), other.look()]);
    await end('done');
    for (let round = 0; round < 3; round += 1) await Promise.all([watcher.look(), other.look()]);
    const all = await imports();
    expect(all.map(({ status }) => status)).toEqual(Array(12).fill('done'));
    expect(new Set(all.map(({ file_name }) => file_name)).size).toBe(12);
    expect((await names()).filter((name) => /^processed\/\d+\.csv$/.test(name))).toHaveLength(12);
  });
});

describe('who watches', () => {
  beforeEach(() => begin(async () => openLocalFolder()));
  /** As if the minute for which a killed process keeps the folder were over. */
  const aMinuteLater = () =>
    database.sql("update import_folder set held_until = now() - interval '1 s', next_look_at = now()");

  async function killedAt(point: string): Promise<void> {
    const program = join(import.meta.dirname, 'watch-and-die.fixture.ts');
    const child = spawn(process.execPath, [program, database.as('services'), server.url.href, point], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (bytes) => {
      said += bytes;
    });
    const [, signal] = await once(child, 'exit');
    expect([signal, said]).toEqual(['SIGKILL', '']);
  }

  test.each(['reading', 'stored', 'handed on'])(
    'killed while it takes a file (%s): the file is imported once',
    async (point) => {
      await drop('a.csv');
      await looks(1);
      await killedAt(point);
      expect(await watcher.look()).toBe('superseded');
      await aMinuteLater();
      await looks(2);
      const stored = (await imports()).filter(({ status }) => status !== 'storing');
      expect(stored).toEqual([{ file_name: 'a.csv', status: 'received', source: 'import' }]);
      await end('done');
      await looks(1);
      expect(await folder.tree()).toEqual({ 'processed/a.csv': CSV, 'processed/a.csv.result.csv': HEADER });
    },
  );

  test.each(['result', 'moved'])(
    'killed while it puts a file away (%s): it lies there once, with its result',
    async (point) => {
      await drop('a.csv');
      await looks(2);
      await end('done');
      await killedAt(point);
      await aMinuteLater();
      await looks(1);
      expect(await folder.tree()).toEqual({ 'processed/a.csv': CSV, 'processed/a.csv.result.csv': HEADER });
      expect([(await imports()).length, await left()]).toEqual([1, []]);
    },
  );

  test('killed in the middle of a move that leaves both names: one stays', async () => {
    await drop('a.csv');
    await looks(2);
    await end('done');
    await killedAt('result');
    await drop('processed/a.csv');
    await aMinuteLater();
    await looks(1);
    expect(await names()).toEqual(['processed/a.csv', 'processed/a.csv.result.csv']);
  });

  test('and was thought dead writes nothing any more', async () => {
    await watcher.db.watchedFolders.beginLook('file:///somewhere');
    const { watchedFolders } = watcher.db;
    await aMinuteLater();
    const old = await watchedFolders.beginLook('file:///somewhere');
    await aMinuteLater();
    const now = await watchedFolders.beginLook('file:///somewhere');
    await expect(old?.changed({ name: 'a.csv', size: 1 })).rejects.toThrow('somebody else');
    await now?.changed({ name: 'a.csv', size: 2 });
    expect((await now?.files())?.map(({ size }) => size)).toEqual([2]);
    await expect(old?.end({ againAfterMs: 0 })).rejects.toThrow('somebody else');
  });

  test('does not look again before its time', async () => {
    const patient = another({ everyMs: 60_000 });
    await drop('a.csv');
    expect([await patient.look(), await patient.look()]).toEqual(['done', 'superseded']);
  });
});

describe('a folder that is away', () => {
  beforeEach(() => begin(() => startStandIn('ftp')));

  test('is looked at again on its ladder, told once, and told when it is there again', async () => {
    const url = new URL(server.url);
    url.port = '1';
    const away = another({ folderUrl: url });
    const minutes = async () => {
      const [row] = await database.sql<{ seconds: number }>(
        'select extract(epoch from next_look_at - now())::int as seconds from import_folder where away_since is not null',
      );
      return Math.round((row?.seconds ?? 0) / 30) / 2;
    };
    const aheadBy = (wait: string) =>
      database.sql(`update import_folder set next_look_at = now(), away_since = now() - interval '${wait}'`);
    expect(await away.look()).toBe('done');
    expect(await away.look()).toBe('superseded');
    const waits = [await minutes()];
    for (const wait of ['1 min', '20 min', '10 days']) {
      await aheadBy(wait);
      await away.look();
      waits.push(await minutes());
    }
    expect(waits).toEqual([0.5, 1, 10, expect.any(Number)]);
    expect(lines.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });
});
