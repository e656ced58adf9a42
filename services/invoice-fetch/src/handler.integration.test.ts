import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { meeting } from '@lazada-sof/testkit';
import { DOCUMENT, type InvoiceFetch, openInvoiceFetch } from './invoice-fetch.fixture.ts';

let stage: InvoiceFetch;
beforeAll(async () => {
  stage = await openInvoiceFetch();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const reissue = (orderNumber: string) =>
  stage.lazada.patch(`/control/orders/${orderNumber}`, { invoice: { revision: 2 } });
const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('an invoice that is there', () => {
  test('done: a PDF is kept byte for byte under its path, and its upload is handed on', async () => {
    const number = await stage.addInvoice();
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    const bytes = await stage.sent(number);
    const [document, ...others] = await stage.stored(number);
    expect([document?.pdf.equals(bytes), document?.source.equals(bytes), others]).toEqual([true, true, []]);
    expect(document).toMatchObject({
      part: 1,
      revision: 1,
      order_item_ids: await stage.itemsOf(number),
      source_mime: 'application/pdf',
      pdf_sha256: sha256(bytes),
      path: `SG/demo-sg/${number}.pdf`,
      uploaded_at: null,
    });
    expect([await stage.statusOf(number), await stage.rowOf(number), stage.woken]).toEqual([
      'fetched',
      undefined,
      expect.arrayContaining(['upload-invoice']),
    ]);
  });

  test('done: a web page is printed without script and network, and kept as the source', async () => {
    const number = await stage.addInvoice({ kind: 'html', language: 'th' });
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    const [document] = await stage.stored(number);
    expect(document?.pdf.subarray(0, 5).toString()).toBe('%PDF-');
    expect([document?.source_mime, document?.source.equals(await stage.sent(number))]).toEqual(['text/html', true]);
    expect(await stage.lazada.counts()).toMatchObject({ beacons: 0 });
  });

  test('is put where its account wants it', async () => {
    await stage.addAccount('own-folders', { invoice_path_template: 'in/{account}-{order_number}.pdf' });
    const number = await stage.addInvoice({}, { account: 'own-folders' });
    await stage.fetchInvoice(number);
    expect(await stage.stored(number)).toMatchObject([{ path: `in/own-folders-${number}.pdf` }]);
  });

  test('run twice, and twice at the same moment: it is stored once', async () => {
    const number = await stage.addInvoice();
    stage.limiter.meanwhile = meeting(2);
    const ends = await Promise.all([stage.fetchInvoice(number), stage.fetchInvoice(number)]);
    expect(ends).toEqual([{ outcome: 'done' }, { outcome: 'done' }]);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
    expect([await stage.stored(number), await stage.asked(number)]).toMatchObject([[{ revision: 1 }], 2]);
  });

  test('of more items than one document takes is fetched part by part, and only what is missing again', async () => {
    const number = await stage.addInvoice({}, { items: 101 });
    await stage.lazada.post('/faults', { path: DOCUMENT, skip: 1, times: 1, status: 502 });
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'retried', code: 'http_502' });
    expect([(await stage.stored(number)).length, await stage.statusOf(number)]).toEqual([1, 'waiting']);
    await stage.timePasses(number);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect(await stage.stored(number)).toMatchObject([
      { part: 1, path: `SG/demo-sg/${number}.pdf` },
      { part: 2, path: `SG/demo-sg/${number}_P2.pdf` },
    ]);
    const { calls } = await stage.lazada.counts();
    expect([calls[DOCUMENT], await stage.statusOf(number)]).toEqual([3, 'fetched']);
  });
});

describe('by force', () => {
  const byForce = { force: true };

  test('already done: the same invoice makes no new revision', async () => {
    const number = await stage.addInvoice();
    await stage.fetchInvoice(number);
    const before = await stage.stored(number);
    expect(await stage.fetchInvoice(number, byForce)).toEqual({ outcome: 'done' });
    expect([await stage.stored(number), await stage.asked(number)]).toEqual([before, 2]);
  });

  test('a re-issued invoice becomes the next revision beside the first', async () => {
    const number = await stage.addInvoice();
    await stage.fetchInvoice(number);
    const before = await stage.stored(number);
    await reissue(number);
    expect(await stage.fetchInvoice(number, byForce)).toEqual({ outcome: 'done' });
    const [first, second] = await stage.stored(number);
    expect([first]).toEqual(before);
    expect(second).toMatchObject({ revision: 2, part: 1, path: `SG/demo-sg/${number}_R2.pdf` });
    expect(second?.pdf.equals(await stage.sent(number))).toBe(true);
  });

  test('what fails takes nothing from the invoice that is there', async () => {
    const number = await stage.addInvoice();
    await stage.fetchInvoice(number);
    await stage.lazada.post('/faults', { path: DOCUMENT, times: 1, status: 502 });
    expect(await stage.fetchInvoice(number, byForce)).toMatchObject({ outcome: 'retried' });
    expect([await stage.rowOf(number), await stage.statusOf(number)]).toEqual([undefined, 'fetched']);
  });
});
