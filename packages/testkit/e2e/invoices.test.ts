/** What becomes of an invoice after it was fetched: without a renderer, with one again, issued anew by Lazada, and over HTTP. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { apiClient } from '../src/http/index.ts';
import { describeOnRedis } from '../src/servers/suites.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const INVOICE_FETCH = fileURLToPath(new URL('../../../services/invoice-fetch/src/main.ts', import.meta.url));
const PERSON = { user: 'ops', password: 'not-a-real-password' };
const DOCUMENTS = `select d.* from public.order_lazada_document d join public.orders o on o.id = d.order_id
  where o.order_number = $1 order by d.part, d.revision`;
/** So long ago was it stored, and so long ago ended the wait for the next look. */
const A_DAY_PASSES = `update public.order_lazada_document
  set created_at = created_at - interval '1 day', recheck_at = recheck_at - interval '1 day'
  where order_id = (select id from public.orders where order_number = $1)`;

await describeOnRedis('an invoice', () => {
  let stage: Stage;
  let withRenderer: ChildProcess | undefined;
  let page = '';
  let paper = '';
  const documentsOf = (number: string) => stage.sql(DOCUMENTS, [number]);
  const onTarget = (path: unknown) => readFileSync(join(stage.system.dir, 'invoices', String(path)));
  const order = async (invoice: object) =>
    (await stage.addOrders({ account: 'demo-sg', items: 1, script: { invoice } }))[0] ?? '';
  async function aDayPasses(number: string) {
    await stage.sql(A_DAY_PASSES, [number]);
    await stage.timePasses(number);
  }

  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: [...ORDER_SERVICES, 'api'],
      env: { PDF_RENDERER: 'none', CONSOLE_ADMIN: `${PERSON.user}:${PERSON.password}` },
    });
    await stage.addAccount('demo-sg');
    page = await order({ kind: 'html', signedPicture: true });
    paper = await order({});
  }, 60_000);
  afterAll(async () => {
    if (withRenderer?.exitCode === null) {
      withRenderer.kill();
      await once(withRenderer, 'exit');
    }
    await stage?.close();
  }, 60_000);

  test('that is a web page is kept as it came while there is no renderer; a PDF goes through', async () => {
    await stage.reaches(page, { invoice_status: 'render_failed', blocked_step: 'invoice_fetch' }, 45_000);
    await stage.reaches(paper, { invoice_status: 'uploaded' }, 45_000);
    expect(await documentsOf(page)).toMatchObject([{ pdf: null, path: null, revision: 1 }]);
    expect(String((await stage.order(page)).last_error)).toContain('there is no renderer: PDF_RENDERER=none');
  }, 60_000);

  test('is drawn by itself within a minute once there is one, and Lazada is not asked again', async () => {
    const [item] = (await stage.lazada.order(page)).items;
    const asked = await stage.lazada.asked('/order/document/get', item?.orderItemId ?? '');
    await stage.system.worker('invoice-fetch').stop();
    const env = { ...stage.system.env, PDF_RENDERER: 'chromium' };
    withRenderer = spawn(process.execPath, [INVOICE_FETCH], { env, stdio: 'ignore' });
    await stage.reaches(page, { invoice_status: 'uploaded', blocked_step: null }, 60_000);
    const [document, ...others] = await documentsOf(page);
    expect([document?.revision, others]).toEqual([1, []]);
    expect(onTarget(document?.path).equals(document?.pdf as Buffer)).toBe(true);
    expect(await stage.lazada.asked('/order/document/get', item?.orderItemId ?? '')).toBe(asked);
  }, 90_000);

  test('that Lazada has issued anew is the next revision beside the old one; the same one is not', async () => {
    const [before] = await documentsOf(paper);
    await stage.lazada.post(`/control/orders/${paper}/reissue`);
    await aDayPasses(paper);
    await aDayPasses(page);
    const documents = await until(
      async () => {
        const found = await documentsOf(paper);
        return found.length === 2 && found.every(({ uploaded_at }) => uploaded_at !== null) && found;
      },
      { what: 'the second revision is uploaded', withinMs: 45_000 },
    );
    expect(documents[1]?.path).toBe(String(before?.path).replace('.pdf', '_R2.pdf'));
    expect(onTarget(before?.path).equals(before?.pdf as Buffer)).toBe(true);
    expect(onTarget(documents[1]?.path).equals(documents[1]?.pdf as Buffer)).toBe(true);
    const next = async () => {
      const [document, ...others] = await documentsOf(page);
      const days = (Number(document?.recheck_at) - Number(document?.created_at)) / 86_400_000;
      return others.length === 0 && Math.round(days) === 7;
    };
    await until(next, { what: 'the page was looked at, and is the same', withinMs: 45_000 });
    await stage.reaches(page, { invoice_status: 'uploaded', blocked_step: null });
  }, 120_000);

  test('is over HTTP what lies on the target, each of its revisions', async () => {
    const server = stage.system.url('api');
    const { response } = await apiClient(server, { headers: {} }).POST('/session', { body: PERSON });
    const cookie = response.headers.getSetCookie().map((one) => one.split(';')[0]);
    const client = apiClient(server, { headers: { cookie: cookie.join('; ') } });
    const documents = await documentsOf(paper);
    expect(documents).toHaveLength(2);
    for (const { path, revision } of documents) {
      const { data, response } = await client.GET('/v1/orders/{account}/{orderNumber}/invoice.pdf', {
        params: { path: { account: 'demo-sg', orderNumber: paper }, query: { revision: Number(revision) } },
        parseAs: 'arrayBuffer',
      });
      expect(onTarget(path).equals(Buffer.from(data ?? new ArrayBuffer(0)))).toBe(true);
      expect(response.headers.get('content-disposition')).toBe(
        `attachment; filename="${String(path).split('/').at(-1)}"`,
      );
    }
  }, 60_000);
});
