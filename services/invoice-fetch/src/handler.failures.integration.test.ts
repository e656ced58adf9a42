import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { DOCUMENT, type InvoiceFetch, openInvoiceFetch } from './invoice-fetch.fixture.ts';

let stage: InvoiceFetch;
beforeAll(async () => {
  stage = await openInvoiceFetch();
});
afterAll(() => stage.close());
beforeEach(() => stage.calm());

/** Exactly these bytes come as the document. */
const raw = (text: string, mime: string) => ({ kind: 'raw', file: Buffer.from(text).toString('base64'), mime });

describe('an invoice that is not there', () => {
  test('not ready: it is asked for on its ladder, without a try', async () => {
    const number = await stage.addInvoice({ readyAfterSeconds: 3_600 });
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    const row = await stage.rowOf(number);
    expect(row).toMatchObject({ tries: 0, blocked: false, errorCode: 'missing' });
    expect(row?.dueAt).toEqual(new Date(Number(row?.since) + 5 * 60_000));
    expect(await stage.statusOf(number)).toBe('waiting');
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
    expect(await stage.asked(number)).toBe(1);

    await stage.lazada.post('/control/clock', { advanceSeconds: 3_600 });
    await stage.timePasses(number);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect([await stage.rowOf(number), await stage.statusOf(number)]).toEqual([undefined, 'fetched']);
  });

  test('not ready for 14 days: it is missing, for a person', async () => {
    const number = await stage.addInvoice({ readyAfterSeconds: 3_600 });
    await stage.fetchInvoice(number);
    const { orderId } = await stage.order(number);
    await stage.sql(
      "update public.order_lazada_step set due_at = now(), since = now() - interval '14 days' where order_id = $1",
      [orderId],
    );
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'failed', code: 'missing' });
    expect([await stage.rowOf(number), await stage.statusOf(number)]).toMatchObject([
      { blocked: true, dueAt: null },
      'missing',
    ]);
  });

  test.each([
    { says: 'a masked page', invoice: { kind: 'masked' }, code: 'unsupported' },
    { says: 'a page that points somewhere else', invoice: { kind: 'iframe' }, code: 'unsupported' },
    { says: 'no document at all', invoice: raw('hello', 'text/plain'), code: 'unsupported' },
    { says: 'a PDF that does not open', invoice: raw('%PDF-1.7 %%EOF', 'application/pdf'), code: 'render_failed' },
  ])('rejected: $says blocks the step, and nothing is stored', async ({ invoice, code }) => {
    const number = await stage.addInvoice(invoice);
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'failed', code });
    expect([await stage.rowOf(number), await stage.statusOf(number)]).toMatchObject([
      { blocked: true, errorCode: code },
      code,
    ]);
    expect(await stage.stored(number)).toEqual([]);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
  });

  test.each([
    { says: 'items of another order', body: { code: '20', message: 'E020: Invalid Order Item IDs' }, code: '20' },
    { says: 'an own fleet that gets none', body: { code: '50008', message: 'no document' }, code: 'unsupported' },
  ])('rejected: $says', async ({ body, code }) => {
    const number = await stage.addInvoice();
    await stage.lazada.post('/faults', { path: DOCUMENT, times: 1, body });
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'failed', code });
    expect(await stage.rowOf(number)).toMatchObject({ blocked: true, errorCode: code });
  });

  test('transient: costs a try, and the next one goes through', async () => {
    const number = await stage.addInvoice();
    await stage.lazada.post('/faults', { path: DOCUMENT, times: 1, drop: 'half' });
    expect(await stage.fetchInvoice(number)).toMatchObject({ outcome: 'retried', code: 'reset' });
    expect(await stage.rowOf(number)).toMatchObject({ tries: 1, blocked: false, dueAt: expect.any(Date) });
    await stage.timePasses(number);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect([await stage.rowOf(number), await stage.statusOf(number)]).toEqual([undefined, 'fetched']);
  });

  test('rate-limited: waits without a try', async () => {
    const number = await stage.addInvoice();
    await stage.lazada.post('/control/behaviour', { limits: [{ call: DOCUMENT, perSecond: 0, banSeconds: 5 }] });
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect(await stage.rowOf(number)).toMatchObject({ tries: 0, blocked: false, errorCode: 'ApiCallLimit' });
  });

  test('misconfigured: tokens that have ended park the account, and the order keeps no trace of it', async () => {
    const { sellerId } = await stage.addAccount('no-consent');
    const number = await stage.addInvoice({}, { account: 'no-consent' });
    await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    const { account } = await stage.order(number);
    expect([account.status, await stage.rowOf(number)]).toEqual(['reauth_required', undefined]);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
  });
});

describe('an account of which the host wrote something that nobody can use', () => {
  const standing = async (name: string) =>
    (await stage.sql('select status, status_reason from account.lazada where name = $1', [name]))[0];
  const write = (name: string, assignment: string) =>
    stage.sql(`update account.lazada set ${assignment} where name = $1`, [name]);

  test('before: nothing is asked and no try is used up; once it is corrected the invoice comes', async () => {
    await stage.addAccount('misled');
    const number = await stage.addInvoice({}, { account: 'misled' });
    await write('misled', "invoice_path_template = 'all.pdf'");
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'superseded' });
    expect([await stage.asked(number), await stage.rowOf(number)]).toEqual([0, undefined]);
    await write('misled', 'invoice_path_template = null');
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
    expect(await stage.statusOf(number)).toBe('fetched');
  });

  test.each([
    { name: 'lost-in-time', wrong: "timezone = 'Mars/Olympus'", right: 'timezone = null' },
    { name: 'lost-on-paper', wrong: "invoice_path_template = 'all.pdf'", right: 'invoice_path_template = null' },
  ])('while its invoice is read, $wrong: parked with words, no try used up', async ({ name, wrong, right }) => {
    await stage.addAccount(name);
    const number = await stage.addInvoice({}, { account: name });
    stage.limiter.meanwhile = async () => void (await write(name, wrong));
    await stage.fetchInvoice(number);
    stage.limiter.meanwhile = null;
    expect(await standing(name)).toEqual({
      status: 'auth_failed',
      status_reason: expect.stringContaining('cannot be'),
    });
    expect([await stage.rowOf(number), await stage.stored(number)]).toEqual([undefined, []]);
    await write(name, right);
    expect(await stage.fetchInvoice(number)).toEqual({ outcome: 'done' });
  });

  test('an order number that makes too long a name blocks that order at once', async () => {
    await stage.addAccount('long', { invoice_path_template: `${'x'.repeat(80)}{order_number}.pdf` });
    const number = await stage.addInvoice({}, { account: 'long' });
    await stage.sql('update public.orders set order_number = order_number || $2 where order_number = $1', [
      number,
      '0'.repeat(40),
    ]);
    expect(await stage.fetchInvoice(`${number}${'0'.repeat(40)}`)).toMatchObject({
      outcome: 'failed',
      code: 'invoice_path',
    });
  });
});
