/** While a large import runs: what else is said of orders is taken within a moment, and a deploy stops and loses nothing. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Db, openDb } from '@lazada-sof/db';
import { until } from '@lazada-sof/local';
import { openProducer, type Producer } from '@lazada-sof/queue';
import { describeOnRedis } from '../src/servers/suites.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { addShop, bytesOf } from './import-file.ts';
import { type Holds, openHolds, type Place } from './import-holds.ts';

const ROWS = 50_000;
const PIECES = ROWS / 5_000;
const UPDATES = 8;
const SHOPS = { large: ROWS, small: UPDATES };
/** The promise is a second; so long on a machine that does much else. What is said in turn goes by pieces, as no clock does. */
const WITHIN_MS = 5_000;
const PIECES_WITHIN = 2;

/** Each piece as it is committed. */
const PIECES_LOG = `
  create table public.test_piece (file text, line int);
  create function public.test_piece() returns trigger language plpgsql security definer as $$
    begin
      insert into public.test_piece values (new.file_name, new.after_line);
      return new;
    end $$;
  create trigger test_piece after update on public.import_file
    for each row when (new.after_line > old.after_line) execute function public.test_piece();`;

await describeOnRedis('a large import', () => {
  let system: TestSystem;
  let db: Db;
  let producer: Producer;
  let holds: Holds;
  beforeAll(async () => {
    system = await startTestSystem({
      queue: 'redis',
      services: ['order-update'],
      counts: { 'order-update': 2 },
      // As few hands as let anything by.
      env: { CONCURRENCY: '2' },
    });
    await system.worker('order-update', 1).stop();
    db = openDb({ url: system.databaseUrl, source: 'cli' });
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = system.env;
    producer = await openProducer({ url, prefix });
    holds = await openHolds(system);
    await system.sql(PIECES_LOG);
    for (const [shop, orders] of Object.entries(SHOPS)) await addShop(system, shop, orders);
  }, 120_000);
  afterAll(async () => {
    await holds?.end();
    await producer?.close();
    await db?.close();
    await system?.close();
  }, 60_000);

  async function begin(fileName: string, day: number, shop: keyof typeof SHOPS = 'large'): Promise<string> {
    // So long that it is several pieces of bytes.
    const row = (n: number) => `${shop},4${n},delivered,2026-03-${day} 15:09,a note that nobody reads`;
    const rows = Array.from({ length: SHOPS[shop] }, (_, index) => row(index + 1));
    const text = ['account,order_number,status,occurred_at,note', ...rows, ''].join('\n');
    const { importId } = await db.imports.store({ fileName, source: 'cli', dryRun: false, bytes: bytesOf(text) });
    await producer.add([{ name: 'import-file', data: { v: 1, importId } }]);
    return importId;
  }
  const isDone = (importId: string) =>
    until(async () => (await db.imports.find(importId))?.status === 'done', { what: 'it is done', withinMs: 180_000 });
  const pieces = async (fileName: string) =>
    (await system.sql('select from public.test_piece where file = $1', [fileName])).length;
  const told = (fileName: string) =>
    system.sql(
      `select count(*)::int as events, count(distinct order_id)::int as orders, count(distinct data ->> 'line')::int as lines
         from public.order_lazada_event where source = 'import' and data ->> 'file' = $1`,
      [fileName],
    );
  const flags = (day: number) =>
    system.sql('select from public.order_lazada where update_delivered = 1 and delivered_at = $1', [
      `2026-03-${day}T07:09:00Z`,
    ]);

  test(`lets an update of one order by while at most ${PIECES_WITHIN} of its pieces are taken`, async () => {
    const importId = await begin('many.csv', 14);
    const seen: { pieces: number; ms: number; status: string | undefined }[] = [];
    for (let n = 1; n <= UPDATES; n += 1) {
      const before = await pieces('many.csv');
      const began = performance.now();
      const data = { v: 1, account: 'small', orderNumber: `4${n}`, status: 'delivered', requestId: `r-${n}` } as const;
      expect(await producer.addAndWait({ name: 'update-order', data }, 60_000)).toMatchObject({ outcome: 'answered' });
      const ms = performance.now() - began;
      const after = await pieces('many.csv');
      seen.push({ pieces: after - before, ms, status: (await db.imports.find(importId))?.status });
      // Spread over the whole of it.
      const next = Math.floor((n * PIECES) / (UPDATES + 1));
      await until(async () => (await pieces('many.csv')) >= next, { what: `piece ${next}`, withinMs: 60_000 });
    }
    expect(seen.filter((one) => one.pieces > PIECES_WITHIN || one.ms > WITHIN_MS)).toEqual([]);
    expect(seen.filter(({ status }) => status === 'running').length).toBeGreaterThan(UPDATES / 2);
    await isDone(importId);
    const fromQueue = "select from public.order_lazada_event where data ->> 'requestId' like 'r-%'";
    expect(await system.sql(fromQueue)).toHaveLength(UPDATES);
    expect(await told('many.csv')).toEqual([{ events: ROWS, orders: ROWS, lines: ROWS }]);
  }, 300_000);

  test('leaves a hand for an update, however many wait for theirs', async () => {
    await holds.close('one.csv', 'commit');
    await holds.close('two.csv', 'commit');
    const imports = [await begin('one.csv', 11, 'small'), await begin('two.csv', 12, 'small')];
    const areBegun = async () => (await holds.isHeld('one.csv', 'commit')) || (await holds.isHeld('two.csv', 'commit'));
    await until(areBegun, { what: 'one of them runs', withinMs: 60_000 });
    const waits = async () => (await producer.counts('order-update')).delayed > 0;
    await until(waits, { what: 'the other waits', withinMs: 20_000 });
    const data = { v: 1, account: 'large', orderNumber: `4${ROWS}`, status: 'shipped', requestId: 'h-1' } as const;
    expect(await producer.addAndWait({ name: 'update-order', data }, WITHIN_MS)).toMatchObject({ outcome: 'answered' });
    await holds.open('one.csv', 'commit');
    await holds.open('two.csv', 'commit');
    for (const importId of imports) await isDone(importId);
  }, 180_000);

  const places: [Place, number][] = [
    ['second reading', 15],
    ['commit', 16],
  ];
  test.each(places)(
    'is handed back at once when its process is to end, at the %s, and goes on elsewhere',
    async (place, day) => {
      const fileName = `${place}.csv`;
      const [first, second] = [0, 1].map((instance) => system.worker('order-update', instance)).sort(runningFirst);
      await holds.close(fileName, place);
      const importId = await begin(fileName, day);
      await until(() => holds.isHeld(fileName, place), { what: `it is at its ${place}`, withinMs: 60_000 });
      const began = performance.now();
      const ending = first?.stop();
      await until(() => isClosing(String(first?.healthUrl)), { what: 'it closes', withinMs: 20_000 });
      await holds.open(fileName, place);
      expect(await ending).toEqual({ code: 0, signal: null });
      expect(performance.now() - began).toBeLessThan(25_000);
      // It was in the middle.
      expect(await pieces(fileName)).toBeLessThan(PIECES);
      expect(await db.imports.find(importId)).toMatchObject({ status: 'running' });
      await second?.start();
      await isDone(importId);
      expect(await db.imports.find(importId)).toMatchObject({ rows: ROWS, accepted: ROWS, refused: 0 });
      expect(await told(fileName)).toEqual([{ events: ROWS, orders: ROWS, lines: ROWS }]);
      expect(await flags(day)).toHaveLength(ROWS);
    },
    300_000,
  );
});

const runningFirst = (one: { running(): boolean }, other: { running(): boolean }): number =>
  Number(other.running()) - Number(one.running());

const isClosing = async (healthUrl: string): Promise<boolean> =>
  !(await fetch(`${healthUrl}/readyz`).catch(() => ({ ok: false }))).ok;
