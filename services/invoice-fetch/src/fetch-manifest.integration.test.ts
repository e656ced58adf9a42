import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { marketplaceLazada } from '@lazada-sof/connectors';
import { pdfRenderer, rendererProcess } from '@lazada-sof/connectors/pdf-renderer';
import type { PdfRenderer } from '@lazada-sof/orders';
import { dayJob } from '@lazada-sof/queue';
import { type Ended, ended, openWorkerStage, RENDERER_PROGRAM, readBack, type WorkerStage } from '@lazada-sof/testkit';
import { fetchManifest, giveUpManifest } from './fetch-manifest.ts';

const DOCUMENT = '/order/document/get';
const DAY = '2026-10-05';
/** At noon by the account's clock. */
const NOON = '2026-10-05T04:00:00Z';

let stage: WorkerStage;
let renderer: PdfRenderer;
let account: string;
let accountId: string;
let made = 0;
beforeAll(async () => {
  stage = await openWorkerStage('invoice-fetch');
  renderer = pdfRenderer({ linkHosts: [], renderer: 'chromium' }, rendererProcess({ program: RENDERER_PROGRAM }));
});
afterAll(async () => {
  await renderer.close();
  await stage.close();
});
beforeEach(async () => {
  await stage.calm();
  await stage.lazada.post('/control/behaviour', { manifest: 'pdf' });
  account = `manifest-${++made}`;
  ({ accountId } = await stage.addAccount(account));
});

function run(date = DAY): Promise<Ended> {
  const { db } = stage;
  const marketplace = marketplaceLazada(stage.outside().lazada);
  const perform = fetchManifest({ manifests: db.manifests, marketplace, renderer });
  const tools = { job: 'manifest', rows: db.dailyJobs, accounts: db.accounts, mostTries: 9 } as const;
  const job = dayJob({ ...tools, perform, givenUp: giveUpManifest(db), random: () => 0 });
  return ended(job({ accountId, date, signal: new AbortController().signal }));
}

/** An order that became ready on the day; its items. */
async function readyOrder(items = 1, at = NOON): Promise<string[]> {
  const orderNumber = await stage.addReadyOrder({ account, items });
  await stage.sql(
    `update order_lazada_package set ready_to_ship_at = $2
      where order_id = (select id from public.orders where order_number = $1)`,
    [orderNumber, at],
  );
  return (await stage.lazada.order(orderNumber)).items.map(({ orderItemId }) => orderItemId);
}

type Row = { status: string; ids: string[]; file: Buffer | null; mime: string | null; error: string | null };
const rows = async () =>
  (await stage.sql(
    `select status, order_item_ids as ids, file, file_mime as mime, error
       from marketplace_manifests where account_id = $1 order by manifest_date`,
    [accountId],
  )) as Row[];
const asked = async () => (await stage.lazada.counts()).calls[DOCUMENT] ?? 0;
const fault = (body: object) => stage.lazada.post('/faults', { path: DOCUMENT, ...body });

describe('a day that is over', () => {
  test('has its manifest, of what became ready on it, as Lazada sent it', async () => {
    const items = [...(await readyOrder(2)), ...(await readyOrder())];
    await readyOrder(1, '2026-10-05T16:00:00Z');
    expect(await run()).toEqual({ outcome: 'done' });
    const [row] = await rows();
    expect(row).toMatchObject({ status: 'stored', mime: 'application/pdf', error: null });
    expect(row?.ids.toSorted()).toEqual(items.toSorted());
    const { text } = await readBack(row?.file ?? Buffer.alloc(0));
    for (const item of items) expect(text).toContain(item);
  });

  test('run twice is asked for once, and what is stored stays', async () => {
    await readyOrder();
    await run();
    const before = await rows();
    await readyOrder();
    expect(await run()).toEqual({ outcome: 'done' });
    expect(await rows()).toEqual(before);
    expect(await asked()).toBe(1);
  });

  test('on which nothing was set ready has no row, and nobody is asked', async () => {
    expect(await run()).toEqual({ outcome: 'done' });
    expect(await rows()).toEqual([]);
    expect(await asked()).toBe(0);
  });

  test.each([
    ['pdf', 'application/pdf'],
    ['html', 'text/html'],
  ])('of more than 100 items is asked for in pieces, which become one %s', async (manifest, mime) => {
    await stage.lazada.post('/control/behaviour', { manifest });
    const items = [...(await readyOrder(70)), ...(await readyOrder(50))];
    await run();
    const [row] = await rows();
    expect(await asked()).toBe(2);
    expect(row).toMatchObject({ status: 'stored', mime });
    const file = row?.file ?? Buffer.alloc(0);
    const text = manifest === 'pdf' ? (await readBack(file)).text : file.toString();
    for (const item of items) expect(text).toContain(item);
    expect(text.split('Carrier manifest').length - 1).toBeGreaterThanOrEqual(2);
  });

  test.each(['50008', '700040'])('that Lazada makes no manifest of (%s) keeps our list', async (manifest) => {
    const items = await readyOrder(2);
    await stage.lazada.post('/control/behaviour', { manifest });
    expect(await run()).toEqual({ outcome: 'done' });
    expect(await rows()).toEqual([
      { status: 'not_supported', ids: items, file: null, mime: null, error: expect.stringContaining(manifest) },
    ]);
  });
});

test('a failure is tried again, and at the ninth try the day has failed, in its words', async () => {
  await readyOrder();
  await fault({ status: 500 });
  for (let tries = 1; tries < 9; tries += 1) {
    expect(await run()).toMatchObject({ outcome: 'retried' });
    expect(await rows()).toMatchObject([{ status: 'listed', error: null }]);
  }
  expect(await run()).toMatchObject({ outcome: 'failed' });
  expect(await rows()).toMatchObject([{ status: 'failed', error: expect.stringContaining('500') }]);
  expect(await stage.sql('select due_at, tries from lazada_daily_job where account_id = $1', [accountId])).toEqual([
    { due_at: null, tries: 9 },
  ]);
});

test('a process that ends behind its list leaves a day that is fetched the next time', async () => {
  const items = await readyOrder();
  await stage.db.manifests.list({ accountId, day: DAY }, ['1', '2']);
  expect(await run()).toEqual({ outcome: 'done' });
  expect(await rows()).toMatchObject([{ status: 'stored', ids: items }]);
});

test('a day that is not over is refused by its name, and nothing is written', async () => {
  const today = new Date(Date.now() + 8 * 3_600_000).toISOString().slice(0, 10);
  await readyOrder(1, new Date().toISOString());
  expect(await run(today)).toMatchObject({
    outcome: 'failed',
    reason: expect.stringContaining(`${today}: that day is not over`),
  });
  expect(await rows()).toEqual([]);
});

test("a column of the host's that makes our row impossible fails the day by its name; other days go on", async () => {
  await readyOrder();
  await readyOrder(1, '2026-10-06T04:00:00Z');
  await stage.sql(
    `alter table marketplace_manifests add constraint hosts_own check (manifest_date <> '${DAY}') not valid`,
  );
  expect(await run()).toMatchObject({ outcome: 'failed', reason: expect.stringContaining('constraint hosts_own') });
  expect(await rows()).toEqual([]);
  expect(await asked()).toBe(0);
  expect(await run('2026-10-06')).toEqual({ outcome: 'done' });
  expect(await rows()).toMatchObject([{ status: 'stored' }]);
  await stage.sql('alter table marketplace_manifests drop constraint hosts_own');
});
