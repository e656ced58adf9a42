/** What Lazada says when it is asked again for an invoice that is there. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DOCUMENT, type InvoiceFetch, openInvoiceFetch } from './invoice-fetch.fixture.ts';

let stage: InvoiceFetch;
beforeAll(async () => {
  stage = await openInvoiceFetch();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

const reissue = (number: string) => stage.lazada.post(`/control/orders/${number}/reissue`);
async function fetched(invoice: object = {}, request: { items?: number } = {}): Promise<string> {
  const number = await stage.addInvoice(invoice, request);
  expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
  return number;
}
const pathsOf = async (number: string) => (await stage.stored(number)).map(({ path }) => path);

test('before its time it is not looked at', async () => {
  const number = await fetched();
  expect([await stage.recheckDays(number), await stage.fetchInvoice(number)]).toEqual([1, { outcome: 'superseded' }]);
  const { nextAttemptAt, documents } = await stage.order(number);
  expect(nextAttemptAt).not.toBeNull();
  expect(documents[0]?.recheckAt).not.toBeNull();
  expect(await stage.asked(number)).toBe(1);
});

test('the same invoice changes nothing but the time of the next look, and after the third there is none', async () => {
  const number = await fetched();
  const [before] = await stage.stored(number);
  const seen = [];
  for (const days of [1, 6, 23]) {
    await stage.daysPass(number, days);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    seen.push(await stage.recheckDays(number));
  }
  expect([seen, await stage.asked(number)]).toEqual([[7, 30, null], 4]);
  const [after, ...others] = await stage.stored(number);
  expect([after?.pdf.equals(before?.pdf ?? Buffer.alloc(0)), after?.path, others]).toEqual([true, before?.path, []]);
  expect(await stage.kindsOf(number)).toEqual(expect.not.arrayContaining(['noted', 'blocked']));
  expect([await stage.fetchInvoice(number), await stage.statusOf(number)]).toEqual([
    { outcome: 'superseded' },
    'fetched',
  ]);
});

test('another invoice is the next revision: its file, its event, and the old one stays; its ladder is that of the first, so it comes to an end', async () => {
  const number = await fetched();
  const [before] = await stage.stored(number);
  await reissue(number);
  await stage.daysPass(number, 7);
  expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
  const [first, second] = await stage.stored(number);
  expect(first?.pdf.equals(before?.pdf ?? Buffer.alloc(0))).toBe(true);
  expect(second).toMatchObject({ revision: 2, path: `SG/demo-sg/${number}_R2.pdf`, uploaded_at: null });
  expect(await stage.recheckDays(number)).toBe(30 - 7);
  expect((await stage.kindsOf(number)).filter((kind) => kind === 'invoice_fetched')).toHaveLength(2);
  await reissue(number);
  await stage.daysPass(number, 30 - 7);
  expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect([await stage.recheckDays(number), (await stage.stored(number)).length]).toEqual([null, 3]);
});

test('a web page whose pictures are signed anew is the same, and is not drawn again', async () => {
  const linkHosts = [stage.simulatorHost];
  const worker = await stage.another({ linkHosts });
  const number = await stage.addInvoice({ kind: 'html', signedPicture: true });
  expect(await worker.fetchInvoice(number)).toEqual({ outcome: 'done' });
  const [{ source } = { source: Buffer.alloc(0) }] = await stage.stored(number);
  expect(source.equals(await stage.sent(number))).toBe(false);
  await stage.daysPass(number, 1);
  // It has no renderer: whatever it had to draw would not become a PDF.
  const { fetchInvoice } = await stage.another({ linkHosts, renderer: 'none' });
  expect(await fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect([(await stage.stored(number)).length, await stage.recheckDays(number)]).toEqual([1, 7]);
  await reissue(number);
  await stage.daysPass(number, 6);
  expect(await worker.fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect(await pathsOf(number)).toEqual([`SG/demo-sg/${number}.pdf`, `SG/demo-sg/${number}_R2.pdf`]);
});

test('of more than a hundred items each part is looked at by itself, for the items that it was fetched with', async () => {
  const number = await fetched({}, { items: 101 });
  await reissue(number);
  await stage.sql(
    `update public.order_lazada_document d set recheck_at = now() from public.orders o
      where o.id = d.order_id and o.order_number = $1 and d.part = 2`,
    [number],
  );
  expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect(await pathsOf(number)).toEqual([
    `SG/demo-sg/${number}.pdf`,
    `SG/demo-sg/${number}_P2.pdf`,
    `SG/demo-sg/${number}_P2_R2.pdf`,
  ]);
  const [, second, third] = await stage.stored(number);
  expect(third?.order_item_ids).toEqual(second?.order_item_ids);
});

describe('what is no invoice takes nothing away', () => {
  test.each<{ says: string; body: object; code: string }>([
    { says: 'there is none any more', body: { code: '30012', message: 'not ready' }, code: 'missing' },
    { says: 'its items are refused', body: { code: '20', message: 'E020: Invalid Order Item IDs' }, code: '20' },
  ])('$says: it is told, and asked again at the next rung', async ({ body, code }) => {
    const number = await fetched();
    const [before] = await stage.stored(number);
    await stage.daysPass(number, 1);
    await stage.lazada.post('/faults', { path: DOCUMENT, times: 1, body });
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect([await stage.recheckDays(number), await stage.rowOf(number), await stage.statusOf(number)]).toEqual([
      7,
      undefined,
      'fetched',
    ]);
    expect((await stage.stored(number))[0]?.pdf_sha256).toBe(before?.pdf_sha256);
    expect(await stage.noted(number)).toEqual([expect.objectContaining({ step: 'invoice_fetch', revision: 1, code })]);
  });

  test('it is masked by now, as old invoices are', async () => {
    const number = await fetched({ kind: 'html' });
    await stage.lazada.patch(`/control/orders/${number}`, { invoice: { kind: 'masked' } });
    await stage.daysPass(number, 1);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect([await stage.recheckDays(number), (await stage.stored(number)).length]).toEqual([7, 1]);
    expect(await stage.noted(number)).toMatchObject([{ code: 'unsupported' }]);
  });

  test('Lazada is away: tried again as a fetch is, and after the last try at the next rung, never blocked', async () => {
    const number = await fetched();
    await stage.daysPass(number, 1);
    await stage.lazada.post('/faults', { path: DOCUMENT, times: 2, status: 502 });
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'retried', code: 'http_502' });
    expect(await stage.rowOf(number)).toMatchObject({ tries: 1, blocked: false, ref: expect.stringMatching(/\d/) });
    expect(await stage.statusOf(number)).toBe('fetched');
    await stage.timePasses(number);
    await stage.sql("update public.order_lazada_step set tries = 15 where step = 'invoice_fetch' and ref <> ''");
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect([await stage.rowOf(number), await stage.recheckDays(number)]).toEqual([undefined, 7]);
    expect(await stage.noted(number)).toMatchObject([{ code: 'http_502' }]);
  });
});

test('where the setting is none, what was to be looked at is left alone, and Lazada is not asked', async () => {
  const number = await fetched();
  await stage.daysPass(number, 1);
  const { fetchInvoice } = await stage.another({ recheckAfter: [] });
  expect(await fetchInvoice(number)).toEqual({ outcome: 'done' });
  expect([await stage.recheckDays(number), await stage.asked(number)]).toEqual([null, 1]);
});

test('a template that gives two orders one path is refused in words, and nothing of the second is stored', async () => {
  await stage.addAccount('twin', { invoice_path_template: 'SG/demo-sg/{order_number}.pdf' });
  const first = await fetched();
  const second = await stage.addInvoice({}, { account: 'twin' });
  await stage.sql('update public.order_lazada_document set path = replace(path, $1, $2)', [first, second]);
  const refused = await stage.fetchInvoice(second);
  expect(refused).toMatchObject({ outcome: 'failed', code: 'invoice_path' });
  expect('reason' in refused && refused.reason).toMatch(
    `template "SG/demo-sg/{order_number}.pdf" gives it the path SG/demo-sg/${second}.pdf, which demo-sg/${first} has`,
  );
  expect([await stage.stored(second), await stage.asked(second)]).toEqual([[], 0]);
  await stage.sql("update account.lazada set invoice_path_template = null where name = 'twin'");
  await stage.sql("delete from public.order_lazada_step where step = 'invoice_fetch' and blocked");
  expect(await stage.fetchInvoice(second)).toEqual({ outcome: 'done' });
});
