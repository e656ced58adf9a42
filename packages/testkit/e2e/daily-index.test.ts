/**
 * The morning of finance: what was set ready to ship yesterday is listed in a file beside the invoices, and listed anew as
 * invoices come. Hours pass by back-dating, and the scheduler looks at the clock when it starts.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { addDays, type Day, localClock } from '@lazada-sof/orders';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const SHOP = 'demo-sg';
const SOF = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const DAY_MS = 24 * 3_600_000;

/** Where yesterday's index was due hours ago, and today is far from over, whenever the test runs. */
function zoneAtNoon(now: Date): string {
  const ahead = 12 - now.getUTCHours();
  return `Etc/GMT${ahead > 0 ? `-${ahead}` : `+${-ahead}`}`;
}

let stage: Stage;
let day: Day;
let early = '';
let late = '';
beforeAll(async () => {
  stage = await openStage({ queue: 'postgres', services: ORDER_SERVICES });
  const timezone = zoneAtNoon(new Date());
  await stage.addAccount(SHOP, { timezone });
  const at = new Date(Date.now() - DAY_MS);
  day = localClock(at, timezone).day;
  const ready = { account: SHOP, status: 'ready_to_ship', changedAt: at.toISOString() };
  [early = ''] = await stage.addOrders({ ...ready, script: { invoice: { kind: 'pdf' } } });
  [late = ''] = await stage.addOrders({
    ...ready,
    script: { invoice: { kind: 'pdf', readyAfterSeconds: 86_400 * 7 } },
  });
}, 60_000);
afterAll(() => stage?.close(), 60_000);

const folder = () => join(stage.system.dir, 'invoices', 'SG', day.slice(0, 4), day.slice(5, 7));
const named = (revision = '') => `INDEX_SG_${SHOP}_${day.replaceAll('-', '')}${revision}.csv`;
const indexes = () =>
  existsSync(folder())
    ? readdirSync(folder()).filter((name) => name.startsWith('INDEX_') && name.endsWith('.csv'))
    : [];
const linesOf = (name: string) => readFileSync(join(folder(), name), 'utf8').split('\r\n').slice(1, -1);
const appears = (name: string) =>
  until(async () => indexes().includes(name), { what: `${name} lies on the target`, withinMs: 30_000 });
/** An hour is over, and the scheduler looks at the clock, as it does every minute. */
async function anHourPasses(): Promise<void> {
  await stage.sql("update public.order_lazada_index set written_at = written_at - interval '61 min'");
  await stage.sql(
    "update public.lazada_daily_job set due_at = due_at - interval '61 min' where job = 'index' and due_at is not null",
  );
  const scheduler = stage.system.worker('scheduler');
  await scheduler.kill();
  await scheduler.start();
}
async function sof(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [SOF, ...args], { env: { ...stage.system.env }, timeout: 30_000 });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + err;
}
const gap = (number: string) => `${number},,,,waiting`;
const uploaded = (number: string) =>
  new RegExp(`^${number},SG/\\d{4}/\\d{2}/INV_SG_${SHOP}_${number}\\.pdf,1,[0-9a-f]{64},uploaded$`);

test("yesterday's orders are listed: where the invoice lies, and which have none", async () => {
  await stage.reaches(early, { invoice_status: 'uploaded' }, 45_000);
  await stage.reaches(late, { invoice_status: 'waiting' });
  await anHourPasses();
  await appears(named());
  const lines = linesOf(named());
  expect(lines).toEqual(
    [early, late].toSorted().map((one) => (one === early ? expect.stringMatching(uploaded(one)) : gap(one))),
  );
}, 90_000);

test('an invoice that comes later makes it due an hour after the last, and not before', async () => {
  await stage.lazada.patch(`/control/orders/${late}`, { invoice: { readyAfterSeconds: 0 } });
  await stage.timePasses(late);
  await stage.reaches(late, { invoice_status: 'uploaded' }, 45_000);
  const [row] = await stage.sql(
    `select j.due_at >= f.written_at + interval '1 h' as later from public.lazada_daily_job j
       join public.order_lazada_index f using (account_id, day) where j.job = 'index' and j.day = $1`,
    [day],
  );
  expect([row, indexes()]).toEqual([{ later: true }, [named()]]);
}, 60_000);

test('the hour over, it is written under the next name; what was there stays', async () => {
  const first = linesOf(named());
  await anHourPasses();
  await appears(named('_R2'));
  expect(linesOf(named('_R2')).every((line) => line.endsWith(',uploaded'))).toBe(true);
  expect(linesOf(named())).toEqual(first);
}, 60_000);

test("the day's manifest is asked for, and a refusal of Lazada's is told and no fault", async () => {
  const manifest = async () =>
    (await stage.sql('select status from public.marketplace_manifests where manifest_date = $1', [day]))[0]?.status;
  const becomes = (status: string) =>
    until(async () => (await manifest()) === status, { what: `the manifest is ${status}`, withinMs: 30_000 });
  // The clock may have asked for it before the orders were read, or behind them.
  await stage.sql('delete from public.marketplace_manifests');
  await stage.lazada.post('/control/behaviour', { manifest: '50008' });
  await sof('manifest', 'refetch', SHOP, day);
  await becomes('not_supported');
  await stage.lazada.post('/control/behaviour', { manifest: 'pdf' });
  await sof('manifest', 'refetch', SHOP, day);
  await becomes('stored');
  expect(await sof('manifest', 'refetch', SHOP, day)).toContain('stored');
}, 90_000);

test('by hand, and where nothing changed nothing is written', async () => {
  expect(await sof('index', 're-upload', SHOP, day)).toContain('has that content already, nothing is written');
  expect(indexes()).toEqual([named(), named('_R2')]);
  expect(await sof('index', 're-upload', SHOP, addDays(day, -7))).toContain(
    'nothing was set ready to ship on that day',
  );
}, 60_000);
