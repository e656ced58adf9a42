/**
 * Whoever works on an import is killed, at each place where something of it could be lost or done twice, and somebody else
 * goes on: by the queue, and where the queue has lost the job, by the scheduler. In the end orders, events, counts, mistakes
 * and the result file are those of the same file that nobody disturbed.
 */
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Db, openDb } from '@lazada-sof/db';
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import { type ServedFolder, servedFolder } from '../src/file-servers/served-folder.ts';
import { describeOnRedis } from '../src/servers/suites.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { addShop, bytesOf, effectOf, fileOf, importText } from './import-file.ts';
import { type Holds, openHolds, type Place } from './import-holds.ts';
import { loseQueue } from './lose-queue.ts';

const ROWS = 7_000;
/** So many that each import has a hand: two run in a process at once. */
const PROCESSES = [0, 1, 2];
const CALM = 'calm';

type Death = { readonly shop: string; readonly place: Place; readonly fate?: 'undone' };
const FIRST: readonly Death[] = [
  { shop: 'while-it-is-looked-through', place: 'first reading' },
  { shop: 'while-rows-are-read', place: 'second reading' },
  { shop: 'before-a-piece-is-committed', place: 'commit', fate: 'undone' },
  { shop: 'before-it-hears-of-the-commit', place: 'commit' },
  { shop: 'before-it-is-done', place: 'end', fate: 'undone' },
];
/** It came by the watched folder, as `CALM` did, so it has a result file. */
const WATCHED: Death = { shop: 'while-its-result-is-written', place: 'result' };
const SECOND: readonly Death[] = [
  { shop: 'while-rows-are-read', place: 'end' },
  { shop: 'before-a-piece-is-committed', place: 'commit' },
  { shop: 'while-its-result-is-written', place: 'moved' },
];
const SHOPS = [CALM, WATCHED.shop, ...FIRST.map(({ shop }) => shop)];

/** What a clock does within minutes: leases end. */
const LEASES_END = [
  'update public.import_file set due_at = now() where due_at is not null',
  'update public.import_folder set held_until = now(), next_look_at = now()',
];

await describeOnRedis('an import whose process is killed', () => {
  let system: TestSystem;
  let db: Db;
  let holds: Holds;
  let dir: string;
  let folder: ServedFolder;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'sof-kills-'));
    folder = servedFolder(dir);
    system = await startTestSystem({
      queue: 'redis',
      services: ['scheduler', 'order-update'],
      counts: { 'order-update': PROCESSES.length },
      env: { IMPORT_SOURCE_URL: pathToFileURL(dir).href, IMPORT_WATCH_INTERVAL: '500ms' },
    });
    db = openDb({ url: system.databaseUrl, source: 'cli' });
    holds = await openHolds(system);
    for (const shop of SHOPS) await addShop(system, shop, ROWS);
  }, 120_000);
  afterAll(async () => {
    await holds?.end();
    await db?.close();
    await system?.close();
    await rm(dir, { recursive: true, force: true });
  }, 60_000);

  async function drop(shop: string): Promise<void> {
    const part = join(dir, `${fileOf(shop)}.part`);
    await writeFile(part, importText(shop, ROWS));
    await rename(part, join(dir, fileOf(shop)));
  }
  const lies = (shop: string) =>
    until(() => folder.has(`processed/${fileOf(shop)}`), { what: `${shop} is put away`, withinMs: 60_000 });
  const resultOf = async (shop: string) =>
    (await folder.read(`processed/${fileOf(shop)}.result.csv`)).toString().replaceAll(shop, CALM);

  async function upload(shops: readonly string[]): Promise<void> {
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = system.env;
    const producer = await openProducer({ url, prefix });
    for (const shop of shops) {
      const bytes = bytesOf(importText(shop, ROWS));
      const { importId } = await db.imports.store({ fileName: fileOf(shop), source: 'api', dryRun: false, bytes });
      await producer.add([{ name: 'import-file', data: { v: 1, importId } }]);
    }
    await producer.close();
  }

  const close = async (deaths: readonly Death[]) => {
    for (const { shop, place } of deaths) await holds.close(fileOf(shop), place);
  };
  /** All of them at once: each where it waits. */
  async function killAll(deaths: readonly Death[]): Promise<void> {
    for (const { shop, place } of deaths)
      await until(() => holds.isHeld(fileOf(shop), place), { what: `${shop} is at its ${place}`, withinMs: 60_000 });
    await Promise.all(PROCESSES.map((instance) => system.worker('order-update', instance).kill()));
    for (const { shop, place, fate } of deaths) await holds.open(fileOf(shop), place, fate);
  }
  const startAll = () => Promise.all(PROCESSES.map((instance) => system.worker('order-update', instance).start()));
  const timePasses = async () => {
    for (const statement of LEASES_END) await system.sql(statement);
  };

  test('goes on elsewhere, and has the effect that it has undisturbed', async () => {
    await drop(CALM);
    await lies(CALM);
    await close([WATCHED]);
    await drop(WATCHED.shop);
    await until(() => holds.isHeld(fileOf(WATCHED.shop), WATCHED.place), { what: 'its result', withinMs: 60_000 });
    await close(FIRST);
    await upload(FIRST.map(({ shop }) => shop));
    await killAll([...FIRST, WATCHED]);

    // The queue finds out by itself whose process is gone.
    await close(SECOND);
    await timePasses();
    await startAll();
    await killAll(SECOND);

    // And the scheduler where the queue knows nothing of it any more.
    await system.worker('scheduler').stop();
    await loseQueue(system);
    await timePasses();
    await Promise.all([startAll(), system.worker('scheduler').start()]);
    const undone = "select from public.import_file where status <> 'done'";
    await until(async () => (await system.sql(undone)).length === 0, { what: 'all are done', withinMs: 90_000 });
    await until(async () => (await system.sql('select from public.import_watched_file')).length === 0, {
      what: 'the folder is empty',
      withinMs: 60_000,
    });

    const calm = await effectOf(system, db, CALM);
    expect(calm).toMatchObject({
      status: 'done',
      rows: ROWS,
      accepted: (ROWS * 45) / 50,
      refused: (ROWS * 5) / 50,
      orders: ROWS,
    });
    for (const shop of SHOPS) expect({ shop, ...(await effectOf(system, db, shop)) }).toEqual({ shop, ...calm });
    const result = await resultOf(CALM);
    expect(result.split('\n')).toHaveLength((ROWS * 5) / 50 + 2);
    expect(await resultOf(WATCHED.shop)).toBe(result);
    expect(Object.keys(await folder.tree()).sort()).toEqual(
      [CALM, WATCHED.shop]
        .flatMap((shop) => ['', '.result.csv'].map((end) => `processed/${fileOf(shop)}${end}`))
        .sort(),
    );
  }, 300_000);
});
