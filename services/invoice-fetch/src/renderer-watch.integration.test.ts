/** Invoices that come as web pages while no renderer is there, and what becomes of them when there is one again. */
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { RendererTroubleError } from '@lazada-sof/clients';
import { Failure, type PdfRenderer } from '@lazada-sof/orders';
import type { JobRequest } from '@lazada-sof/queue';
import { recordedLog } from '@lazada-sof/testkit';
import { type InvoiceFetch, openInvoiceFetch } from './invoice-fetch.fixture.ts';
import { lookForRenderer } from './renderer-watch.ts';

type Worker = Awaited<ReturnType<InvoiceFetch['another']>>;
let stage: InvoiceFetch;
let without: Worker;
let withOne: Worker;
beforeAll(async () => {
  stage = await openInvoiceFetch();
  without = await stage.another({ renderer: 'none' });
  withOne = await stage.another({});
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const HTML = { kind: 'html', language: 'th' };
async function look(renderer: PdfRenderer): Promise<readonly JobRequest[]> {
  const jobs: JobRequest[] = [];
  const enqueue = async (more: readonly JobRequest[]) => void jobs.push(...more);
  const { documents, orders } = stage.db;
  await lookForRenderer({ renderer, documents, orders, enqueue, log: recordedLog().log });
  return jobs;
}
async function blocked(invoice: object = HTML): Promise<string> {
  const number = await stage.addInvoice(invoice);
  expect(await without.fetchInvoice(number)).toMatchObject({
    outcome: 'failed',
    code: 'render_failed',
    reason: expect.stringContaining('there is no renderer: PDF_RENDERER=none'),
  });
  return number;
}

test('a web page is kept as it came and blocked, and no upload is owed; a PDF goes through', async () => {
  const number = await blocked();
  const bytes = await stage.sent(number);
  const [document] = await stage.stored(number);
  expect(document).toMatchObject({ pdf: null, pdf_sha256: null, path: null, revision: 1, waits_for_renderer: true });
  expect(document?.source.equals(bytes)).toBe(true);
  expect([await stage.rowOf(number), await stage.statusOf(number)]).toMatchObject([
    { blocked: true, errorCode: 'render_failed' },
    'render_failed',
  ]);
  expect(stage.woken).not.toContain('upload-invoice');
  const pdf = await stage.addInvoice();
  expect([await without.fetchInvoice(pdf), await stage.statusOf(pdf)]).toEqual([{ outcome: 'done' }, 'fetched']);
});

test('when a renderer is there again it is drawn by itself, in its revision, and Lazada is not asked', async () => {
  const number = await blocked();
  const asked = await stage.asked(number);
  expect(await look(without.renderer)).toEqual([]);
  expect((await stage.rowOf(number))?.blocked).toBe(true);
  const { orderId } = await stage.order(number);
  expect(await look(withOne.renderer)).toContainEqual({ name: 'fetch-invoice', data: { v: 1, orderId } });
  expect([await stage.rowOf(number), await stage.statusOf(number)]).toEqual([undefined, 'waiting']);
  expect(await withOne.fetchInvoice(number)).toEqual({ outcome: 'done' });
  const [document, ...others] = await stage.stored(number);
  expect(document).toMatchObject({ revision: 1, path: `SG/demo-sg/${number}.pdf`, waits_for_renderer: false });
  expect(document?.pdf.subarray(0, 5).toString()).toBe('%PDF-');
  expect([others, await stage.asked(number), await stage.statusOf(number)]).toEqual([[], asked, 'fetched']);
  expect(stage.woken).toContain('upload-invoice');
  expect(await stage.kindsOf(number)).toEqual(expect.arrayContaining(['blocked', 'unblocked', 'invoice_fetched']));
  expect(await look(withOne.renderer)).toEqual([]);
});

test('every part waits for itself, and all of them are drawn', async () => {
  const number = await stage.addInvoice(HTML, { items: 101 });
  expect(await without.fetchInvoice(number)).toMatchObject({ code: 'render_failed' });
  expect((await stage.stored(number)).map(({ part, path }) => [part, path])).toEqual([
    [1, null],
    [2, null],
  ]);
  await look(withOne.renderer);
  expect(await withOne.fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect((await stage.stored(number)).map(({ path }) => path)).toEqual([
    `SG/demo-sg/${number}.pdf`,
    `SG/demo-sg/${number}_P2.pdf`,
  ]);
});

test('what is refused for its own sake stays blocked: one that a renderer has seen, and one that waited for none', async () => {
  const raw = (text: string, mime: string) => ({ kind: 'raw', file: Buffer.from(text).toString('base64'), mime });
  const seen = await stage.addInvoice(raw('%PDF-1.7 %%EOF', 'application/pdf'));
  expect(await withOne.fetchInvoice(seen)).toMatchObject({ code: 'render_failed' });
  const waited = await blocked({ kind: 'masked' });
  expect((await look(withOne.renderer)).map(({ name }) => name)).toContain('fetch-invoice');
  expect(await withOne.fetchInvoice(waited)).toMatchObject({ outcome: 'failed', code: 'unsupported' });
  expect([await look(withOne.renderer), await stage.statusOf(seen), await stage.statusOf(waited)]).toEqual([
    [],
    'render_failed',
    'unsupported',
  ]);
});

test('a page whose picture is gone by then is asked for anew', async () => {
  const number = await blocked();
  await stage.sql(
    `update public.order_lazada_document d set source = convert_to(replace(convert_from(source, 'UTF8'), '</h1>',
            '</h1><img src="https://gone.example/1.png" width="60" height="60">'), 'UTF8')
       from public.orders o where o.id = d.order_id and o.order_number = $1`,
    [number],
  );
  await look(withOne.renderer);
  expect(await withOne.fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect((await stage.stored(number)).at(-1)?.pdf.subarray(0, 5).toString()).toBe('%PDF-');
});

const PAGE_TROUBLE = new RendererTroubleError(
  { trouble: 'the page was not printed in time' },
  { request: { method: 'POST', url: 'http://127.0.0.1/pages' } },
);
test.each([
  { says: 'a renderer that does not start is none', cause: undefined, goesOn: false },
  { says: 'one that could not draw this page is one', cause: PAGE_TROUBLE, goesOn: true },
])('$says', async ({ cause, goesOn }) => {
  const number = await blocked();
  const renderer = {
    ...without.renderer,
    toPdf: async () => Promise.reject(new Failure('transient', 'trouble', { code: 'browser', cause })),
  };
  expect((await look(renderer)).length > 0).toBe(goesOn);
  expect((await stage.rowOf(number))?.blocked ?? false).toBe(!goesOn);
});
