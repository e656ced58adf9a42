/** An invoice whose bytes were removed, since they had been kept long enough. */
import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { type InvoiceFetch, openInvoiceFetch } from './invoice-fetch.fixture.ts';

let stage: InvoiceFetch;
beforeAll(async () => {
  stage = await openInvoiceFetch();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

/** Fetched and uploaded, then 400 days pass, in which nobody looked, and the scheduler removes it. */
async function removed(invoice: object = {}): Promise<string> {
  const number = await old(invoice);
  await remove();
  return number;
}
async function old(invoice: object = {}): Promise<string> {
  const number = await stage.addInvoice(invoice);
  await stage.fetchInvoice(number);
  await stage.sql('update public.order_lazada_document set uploaded_at = now()');
  await stage.daysPass(number, 400);
  return number;
}
async function remove(): Promise<void> {
  const pieces = [];
  for await (const count of stage.db.retention.remove('invoices', 390)) pieces.push(count);
  expect(pieces.reduce((sum, count) => sum + count, 0)).toBe(1);
}
const revisions = async (number: string) =>
  (await stage.stored(number)).map(({ revision, pdf, uploaded_at }) => ({
    ...{ revision, isThere: pdf !== null, isUploaded: uploaded_at !== null },
  }));
const REMOVED = { revision: 1, isThere: false, isUploaded: true };

test('a look that is due since then makes no revision of it, nor does a job of the order fetch it', async () => {
  const number = await removed({ kind: 'html' });
  await stage.lazada.post(`/control/orders/${number}/reissue`);
  const asked = await stage.asked(number);
  expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
  expect([await revisions(number), await stage.asked(number)]).toEqual([[REMOVED], asked]);
});

test('nor does a look that is under way while it is removed', async () => {
  const number = await old({ kind: 'html' });
  await stage.lazada.post(`/control/orders/${number}/reissue`);
  const { fetchInvoice } = await stage.another({
    documents: {
      async source(documentId) {
        await remove();
        return stage.db.documents.source(documentId);
      },
    },
  });
  expect(await fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect([await revisions(number), await stage.recheckDays(number)]).toEqual([[REMOVED], null]);
});

test('asked for by somebody, the same comes back into its own revision, and is not uploaded again', async () => {
  const number = await removed();
  const sent = await stage.sent(number);
  expect(await stage.fetchInvoice(number, { force: true })).toEqual({ outcome: 'done' });
  const [document, ...others] = await stage.stored(number);
  expect([document?.pdf.equals(sent), document?.source.equals(sent), others]).toEqual([true, true, []]);
  expect(document).toMatchObject({ removed_at: null, pdf_bytes: null, uploaded_at: expect.any(Date) });
  expect((await stage.kindsOf(number)).filter((kind) => kind === 'invoice_fetched')).toHaveLength(2);
});

test('also a web page: each drawing of it holds its hour, and differs; what Lazada sent is the same', async () => {
  const number = await removed({ kind: 'html' });
  await stage.sql("update public.order_lazada_document set pdf_sha256 = 'of another hour'");
  const [before] = await stage.stored(number);
  expect(await stage.fetchInvoice(number, { force: true })).toEqual({ outcome: 'done' });
  const [document, ...others] = await stage.stored(number);
  expect([document?.source.equals(await stage.sent(number)), others]).toEqual([true, []]);
  expect(document).toMatchObject({ removed_at: null, uploaded_at: expect.any(Date) });
  expect([document?.path, document?.source_sha256]).toEqual([before?.path, before?.source_sha256]);
  expect(document?.pdf_sha256).toBe(
    createHash('sha256')
      .update(document?.pdf ?? '')
      .digest('hex'),
  );
  expect((await stage.order(number)).steps).toEqual([]);
});

test('and where nobody can draw that page, it is told, and no revision waits for a renderer', async () => {
  const number = await removed({ kind: 'html' });
  const { fetchInvoice } = await stage.another({ renderer: 'none' });
  expect(await fetchInvoice(number, { force: true })).toEqual({
    outcome: 'failed',
    code: 'render_failed',
    reason: expect.stringContaining('ask for it again once there is a renderer'),
  });
  expect([await revisions(number), await stage.rowOf(number)]).toEqual([[REMOVED], undefined]);
});

test('and stays for as long again: its age counts from then', async () => {
  const number = await removed();
  await stage.fetchInvoice(number, { force: true });
  for await (const count of stage.db.retention.remove('invoices', 390)) expect(count).toBe(0);
  expect(await revisions(number)).toEqual([{ revision: 1, isThere: true, isUploaded: true }]);
});

test.each(['pdf', 'html'])('another one (%s) is the next revision, and nothing is overwritten', async (kind) => {
  const number = await removed({ kind });
  await stage.lazada.post(`/control/orders/${number}/reissue`);
  expect(await stage.fetchInvoice(number, { force: true })).toEqual({ outcome: 'done' });
  expect(await revisions(number)).toEqual([REMOVED, { revision: 2, isThere: true, isUploaded: false }]);
});
