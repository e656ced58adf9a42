/** An invoice whose bytes were removed, since they had been kept long enough. */
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

test('and stays for as long again: its age counts from then', async () => {
  const number = await removed();
  await stage.fetchInvoice(number, { force: true });
  for await (const count of stage.db.retention.remove('invoices', 390)) expect(count).toBe(0);
  expect(await revisions(number)).toEqual([{ revision: 1, isThere: true, isUploaded: true }]);
});

test('another one is the next revision, and nothing is overwritten', async () => {
  const number = await removed();
  await stage.lazada.post(`/control/orders/${number}/reissue`);
  expect(await stage.fetchInvoice(number, { force: true })).toEqual({ outcome: 'done' });
  expect(await revisions(number)).toEqual([REMOVED, { revision: 2, isThere: true, isUploaded: false }]);
});
