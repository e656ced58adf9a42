/**
 * What was kept long enough goes, by the scheduler that runs anyway: years pass by back-dating, and it looks at its clock when
 * it starts.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const SHOP = 'demo-sg';
const program = (path: string) => fileURLToPath(new URL(`../../../${path}/src/main.ts`, import.meta.url));

let stage: Stage;
let number = '';
beforeAll(async () => {
  stage = await openStage({
    queue: 'postgres',
    services: ORDER_SERVICES,
    env: { RETAIN_INVOICES: '400d', RETAIN_EVENT_DATA: '400d', INVOICE_RECHECK: 'none' },
  });
  await stage.addAccount(SHOP);
  [number = ''] = await stage.addOrders({
    ...{ account: SHOP, status: 'ready_to_ship' },
    script: { invoice: { kind: 'pdf' } },
  });
  await stage.reaches(number, { invoice_status: 'uploaded' }, 60_000);
}, 120_000);
afterAll(() => stage?.close(), 60_000);

async function run(path: string, args: readonly string[], env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [program(path), ...args], {
    env: { ...stage.system.env, ...env },
    timeout: 90_000,
  });
  const ended = once(child, 'exit');
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: (await ended)[0], out, err };
}
const sof = async (...args: string[]) => (await run('packages/cli', args)).out;
const document = async () =>
  (
    await stage.sql(
      `select pdf is null as "isEmpty", source is null and removed_at is not null as "isRemoved", path
         from public.order_lazada_document`,
    )
  )[0];
const told = () => stage.sql("select kind, data from public.order_lazada_event where data <> '{}'");

/** Of everything, and the scheduler looks at its clock. */
async function daysPass(days: number): Promise<void> {
  await stage.sql(
    `update public.order_lazada_document set created_at = created_at - $1 * interval '1 day', uploaded_at = uploaded_at - $1 * interval '1 day'`,
    [days],
  );
  await stage.sql(`update public.order_lazada_event set at = at - $1 * interval '1 day'`, [days]);
  await stage.sql(`update public.lazada_retention set day = day - $1::int, finished_at = null`, [days]);
  const scheduler = stage.system.worker('scheduler');
  await scheduler.kill();
  await scheduler.start();
  await until(
    async () => (await stage.sql('select from public.lazada_retention where finished_at is not null')).length === 1,
    { what: 'the scheduler has looked what was kept long enough', withinMs: 30_000 },
  );
}

test('nothing goes before its time', async () => {
  await daysPass(399);
  expect(await document()).toMatchObject({ isEmpty: false, isRemoved: false });
  expect((await told()).length).toBeGreaterThan(0);
}, 60_000);

test('then the bytes and what the events told; the file on the target, the order and its summary stay', async () => {
  const before = await stage.order(number);
  await daysPass(2);
  const { path, ...rest } = (await document()) ?? {};
  expect([rest, await told()]).toEqual([{ isEmpty: true, isRemoved: true }, []]);
  expect(existsSync(join(stage.system.dir, 'invoices', String(path)))).toBe(true);
  const after = await stage.order(number);
  expect([after.status, after.invoice_status]).toEqual([before.status, 'uploaded']);
  expect(await stage.sql('select removed from public.lazada_retention')).toEqual([
    { removed: { invoices: 1, eventData: expect.any(Number) } },
  ]);
  expect(await sof('order', 'show', SHOP, number)).toMatch(/revision 1: \S+\.pdf, uploaded \S+, removed here \d{4}-/);
}, 60_000);

test('asked for again, the invoice is here as it was, and on the target is what was there', async () => {
  const { path } = (await document()) ?? {};
  const file = join(stage.system.dir, 'invoices', String(path));
  const was = readFileSync(file);
  expect(await sof('invoice', 'refetch', SHOP, number)).toContain(
    `is stored here again; it is what was uploaded as ${path}`,
  );
  const [row] = await stage.sql('select pdf, removed_at from public.order_lazada_document');
  expect(row).toEqual({ pdf: was, removed_at: null });
  expect(readFileSync(file)).toEqual(was);
}, 120_000);

test.each(['29d', '1d', '400'])(
  'a scheduler that is to keep them for %s does not start, and says why',
  async (written) => {
    const { code, err } = await run('services/scheduler', [], { RETAIN_INVOICES: written });
    expect([code, err.trim()]).toEqual([
      78,
      `RETAIN_INVOICES="${written}" cannot be used: write whole days, at least 30, for example 400d; leave it out to keep it for ever`,
    ]);
  },
);
