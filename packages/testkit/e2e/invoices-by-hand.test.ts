/** What a person does about invoices: the folder lost some, or Lazada has issued another one. */
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { localClock } from '@lazada-sof/orders';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const SHOP = 'demo-sg';
const SOF = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

let stage: Stage;
/** Its file was taken away; stays as it is; somebody put another file in its place. */
let [lost, there, replaced] = ['', '', ''];
beforeAll(async () => {
  stage = await openStage({ queue: 'postgres', services: ORDER_SERVICES });
  await stage.addAccount(SHOP);
  [lost = '', there = '', replaced = ''] = await stage.addOrders({
    ...{ account: SHOP, status: 'ready_to_ship', count: 3 },
    script: { invoice: { kind: 'pdf' } },
  });
  for (const number of [lost, there, replaced]) await stage.reaches(number, { invoice_status: 'uploaded' }, 60_000);
}, 120_000);
afterAll(() => stage?.close(), 60_000);

async function sof(...args: string[]): Promise<string> {
  const child = spawn(process.execPath, [SOF, ...args], { env: { ...stage.system.env }, timeout: 90_000 });
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return out + err;
}
const paths = async (number: string) =>
  (
    await stage.sql(
      `select d.path from public.order_lazada_document d join public.orders o on o.id = d.order_id
        where o.order_number = $1 order by d.revision`,
      [number],
    )
  ).map(({ path }) => join(stage.system.dir, 'invoices', String(path)));

test('what the folder lost comes back, what lies there stays, and no other file is written over', async () => {
  const [lostAt = '', thereAt = '', replacedAt = ''] = (await Promise.all([lost, there, replaced].map(paths))).flat();
  const [was, stays] = [readFileSync(lostAt), readFileSync(thereAt)];
  rmSync(lostAt);
  writeFileSync(replacedAt, 'of somebody else');
  const zone = 'Asia/Singapore';
  const today = localClock(new Date(), zone).day;
  const days = ['--from', localClock(new Date(Date.now() - 86_400_000), zone).day, '--to', today];
  expect(await sof('invoice', 're-upload', ...days, '--dry-run')).toContain(': 3 invoices would be uploaded again.');
  expect(await sof('invoice', 're-upload', ...days)).toContain(': 3 invoices are uploaded again');
  const left = async () =>
    (await stage.sql('select count(*)::int as n from public.order_lazada_document where uploaded_at is null'))[0]?.n;
  await until(async () => (await left()) === 0, { what: 'all are on the target again', withinMs: 60_000 });
  expect([readFileSync(lostAt), readFileSync(thereAt)]).toEqual([was, stays]);
  expect(readFileSync(replacedAt, 'utf8')).toBe('of somebody else');
  const [besideIt = ''] = await paths(replaced);
  expect(besideIt).toBe(replacedAt.replace(/\.pdf$/, '_R2.pdf'));
  expect(readFileSync(besideIt).subarray(0, 4).toString()).toBe('%PDF');
  const names = readdirSync(join(besideIt, '..')).filter((name) => name.includes(replaced));
  expect(names.toSorted()).toEqual([replacedAt, besideIt].map((path) => path.split('/').at(-1)).toSorted());
}, 120_000);

test('asked for by hand, the same invoice changes nothing, and another one is the next revision', async () => {
  expect(await sof('invoice', 'refetch', SHOP, there)).toBe(
    `${SHOP}/${there}: Lazada has the invoice that is stored already, nothing is written.\n`,
  );
  await stage.lazada.post(`/control/orders/${there}/reissue`);
  expect(await sof('invoice', 'refetch', SHOP, there)).toMatch(
    new RegExp(
      `^${SHOP}/${there}: invoice part 1 revision 2 is stored, on its way to the target as SG/.*_R2.pdf\\.\n$`,
    ),
  );
  await stage.reaches(there, { invoice_status: 'uploaded' }, 60_000);
  expect((await paths(there)).map((path) => readFileSync(path).subarray(0, 4).toString())).toEqual(['%PDF', '%PDF']);
}, 120_000);
