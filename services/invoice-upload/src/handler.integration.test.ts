import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { invoiceTarget } from '@lazada-sof/connectors';
import { type InvoiceTarget, recordDocument } from '@lazada-sof/orders';
import {
  ended,
  openWorkerStage,
  type ServedFolder,
  servedFolder,
  startStandIn,
  type WorkerStage,
} from '@lazada-sof/testkit';
import { performUpload, type UploadTools, uploadInvoice } from './handler.ts';

let stage: WorkerStage;
let server: Awaited<ReturnType<typeof startStandIn>>;
let folder: ServedFolder;
const targets: InvoiceTarget[] = [];
let upload: ReturnType<typeof uploader>;
beforeAll(async () => {
  [stage, server] = await Promise.all([openWorkerStage('invoice-upload'), startStandIn('sftp')]);
  folder = servedFolder(server.folder);
  upload = uploader(open(server.url));
});
afterAll(async () => {
  await Promise.all(targets.map((target) => target.close()));
  await Promise.all([stage.close(), server.close()]);
});
beforeEach(async () => {
  server.faults.clear();
  await folder.clear();
  await stage.calm();
});

function open(url: URL): InvoiceTarget {
  const target = invoiceTarget(url);
  targets.push(target);
  return target;
}
function uploader(target: InvoiceTarget | null, readPdf: UploadTools['readPdf'] = stage.db.documents.file) {
  const { orderOf } = stage.db.documents;
  const handle = uploadInvoice({ job: stage.job(performUpload({ target, readPdf })), orderOf });
  return (documentId: string) =>
    ended(
      handle(
        { documentId },
        { signal: new AbortController().signal, force: false, attemptsMade: 0, job: { id: '1', addedAt: new Date() } },
      ),
    );
}

type Made = { readonly number: string; readonly documentId: string; readonly path: string };
/** An invoice that is stored and not uploaded yet. */
async function addInvoice({ number, part = 1 }: { number?: string; part?: number } = {}): Promise<Made> {
  const orderNumber = number ?? (await stage.addReadyOrder());
  const { orderId, items } = await stage.order(orderNumber);
  const path = `SG/INV_${orderNumber}${part > 1 ? `_P${part}` : ''}.pdf`;
  const pdf = Buffer.from(`%PDF-1.7 ${path}`);
  const orderItemIds = part > 1 ? [] : (items ?? []).map(({ orderItemId }) => orderItemId);
  await stage.db.orders.change(orderId, (order) =>
    recordDocument(order, {
      docType: 'invoice',
      part,
      revision: 1,
      orderItemIds,
      source: pdf,
      sourceMime: 'application/pdf',
      pdf,
      path,
      recheckAt: null,
    }),
  );
  const documentId = (await stage.order(orderNumber)).documents.find((one) => one.part === part)?.documentId;
  return { number: orderNumber, documentId: documentId ?? '', path };
}
const documentOf = async ({ number, documentId }: Made) =>
  (await stage.order(number)).documents.find((one) => one.documentId === documentId);
const rowOf = async ({ number, documentId }: Made) =>
  (await stage.order(number)).steps.find(({ step, ref }) => step === 'invoice_upload' && ref === documentId);
const statusOf = async ({ number }: Made) => (await stage.order(number)).summary.invoiceStatus;
const contentOf = ({ path }: Made) => `%PDF-1.7 ${path}`;
/** Somebody else's file under the invoice's name. */
async function takeName({ path }: Made): Promise<void> {
  const squatter = { bytes: Buffer.from('%PDF-1.7 of somebody else'), sha256: '' };
  await open(server.url).put({ path, read: async () => squatter }, () => path);
}

describe('a stored invoice', () => {
  test('done: lies on the target under its path, and that is written down', async () => {
    const invoice = await addInvoice();
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({ [invoice.path]: contentOf(invoice) });
    expect(await documentOf(invoice)).toMatchObject({ path: invoice.path, uploadedAt: expect.any(Date) });
    expect([await statusOf(invoice), await rowOf(invoice)]).toEqual(['uploaded', undefined]);
  });

  test('run twice: it is put there once', async () => {
    const invoice = await addInvoice();
    await upload(invoice.documentId);
    const before = await documentOf(invoice);
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'superseded' });
    expect([Object.keys(await folder.tree()), await documentOf(invoice)]).toEqual([[invoice.path], before]);
  });

  test('already done: where only the answer was lost, the next try finds its own file', async () => {
    const invoice = await addInvoice();
    server.faults.set('drop-rename', 1);
    expect(await upload(invoice.documentId)).toMatchObject({ outcome: 'retried', code: 'reset' });
    await stage.timePasses(invoice.number);
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({ [invoice.path]: contentOf(invoice) });
    expect(await documentOf(invoice)).toMatchObject({ path: invoice.path, uploadedAt: expect.any(Date) });
  });

  test('whose name another file has gets the next one, and that is written down', async () => {
    const invoice = await addInvoice();
    await takeName(invoice);
    const other = invoice.path.replace('.pdf', '_R2.pdf');
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'done' });
    expect(await folder.tree()).toEqual({
      [invoice.path]: '%PDF-1.7 of somebody else',
      [other]: contentOf(invoice),
    });
    expect(await documentOf(invoice)).toMatchObject({ path: other, uploadedAt: expect.any(Date) });
  });

  test('of several parts is uploaded part by part: one job, one document', async () => {
    const first = await addInvoice();
    const second = await addInvoice({ number: first.number, part: 2 });
    expect(await upload(second.documentId)).toEqual({ outcome: 'done' });
    expect([Object.keys(await folder.tree()), await statusOf(first)]).toEqual([[second.path], 'fetched']);
    expect(await upload(first.documentId)).toEqual({ outcome: 'done' });
    expect([Object.keys(await folder.tree()).length, await statusOf(first)]).toEqual([2, 'uploaded']);
  });

  test('is not in memory before a connection is free for it, however many wait', async () => {
    const url = new URL(server.url);
    url.search += '&connections=2';
    const invoices = await Promise.all(Array.from({ length: 12 }, () => addInvoice()));
    const held = { now: 0, most: 0 };
    const target = open(url);
    const counted: InvoiceTarget = {
      ...target,
      put: (...given) =>
        target.put(...given).finally(() => {
          held.now -= 1;
        }),
    };
    const uploadCounted = uploader(counted, async (documentId) => {
      const file = await stage.db.documents.file(documentId);
      held.now += 1;
      held.most = Math.max(held.most, held.now);
      return file;
    });
    await Promise.all(invoices.map(({ documentId }) => uploadCounted(documentId)));
    expect(Object.keys(await folder.tree())).toHaveLength(12);
    expect(held.most).toBeLessThanOrEqual(2);
  });

  test('whose bytes were removed is refused in words that say how to get it again', async () => {
    const invoice = await addInvoice();
    await stage.sql(
      'update public.order_lazada_document set source = null, pdf = null, removed_at = now() where id = $1',
      [invoice.documentId],
    );
    expect(await upload(invoice.documentId)).toMatchObject({
      ...{ outcome: 'failed', code: 'no_pdf' },
      reason: expect.stringMatching(/was removed on .* RETAIN_INVOICES says; sof invoice refetch \S+ \d+ asks/),
    });
    expect(await folder.tree()).toEqual({});
  });

  test('that is gone is superseded', async () => {
    const invoice = await addInvoice();
    await stage.sql('delete from public.orders where order_number = $1', [invoice.number]);
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'superseded' });
    expect(await folder.tree()).toEqual({});
  });
});

describe('where the target does not take it', () => {
  const waiting = { tries: 0, blocked: false };

  test('no target is set: it waits for a day, and stays fetched', async () => {
    const invoice = await addInvoice();
    expect(await uploader(null)(invoice.documentId)).toEqual({ outcome: 'done' });
    const row = await rowOf(invoice);
    expect(row).toMatchObject({ ...waiting, errorCode: 'no_target' });
    expect(row?.dueAt).toEqual(new Date(Number(row?.since) + 24 * 3_600_000));
    expect([await statusOf(invoice), await upload(invoice.documentId)]).toEqual(['fetched', { outcome: 'superseded' }]);
    await stage.timePasses(invoice.number);
    expect([await upload(invoice.documentId), await statusOf(invoice)]).toEqual([{ outcome: 'done' }, 'uploaded']);
  });

  test.each([
    { says: 'its login is refused', fault: () => server.faults.set('refuse-login', 1), code: 'login_refused' },
    { says: 'nobody listens', port: '1', code: 'connection_refused' },
  ])('not ready: $says, so it waits on its ladder without a try', async ({ fault, port, code }) => {
    const invoice = await addInvoice();
    fault?.();
    const url = new URL(server.url);
    if (port) url.port = port;
    expect(await uploader(open(url))(invoice.documentId)).toEqual({ outcome: 'done' });
    const row = await rowOf(invoice);
    expect(row).toMatchObject({ ...waiting, errorCode: code });
    expect(row?.dueAt).toEqual(new Date(Number(row?.since) + 30_000));
    await stage.timePasses(invoice.number);
    expect([await upload(invoice.documentId), await statusOf(invoice)]).toEqual([{ outcome: 'done' }, 'uploaded']);
  });

  test('not ready for 14 days: given up, for a person', async () => {
    const invoice = await addInvoice();
    server.faults.set('refuse-login', 2);
    await uploader(open(server.url))(invoice.documentId);
    await stage.sql(
      "update public.order_lazada_step set due_at = now(), since = now() - interval '14 days' where ref = $1 and step = 'invoice_upload'",
      [invoice.documentId],
    );
    expect(await uploader(open(server.url))(invoice.documentId)).toMatchObject({ outcome: 'failed' });
    expect(await rowOf(invoice)).toMatchObject({ blocked: true, errorCode: 'login_refused' });
    expect((await stage.order(invoice.number)).summary.blockedStep).toBe('invoice_upload');
  });

  test.each([
    { says: 'a connection that is cut', fault: 'drop-upload', code: 'reset' },
    { says: 'a file that is cut short by a full disk', fault: 'disk-full', code: 'disk_full' },
    { says: 'a folder that lets nobody write', fault: 'deny-write', code: 'permission_denied' },
  ] as const)('transient: $says costs a try, and the next one goes through', async ({ fault, code }) => {
    const invoice = await addInvoice();
    server.faults.set(fault, 1);
    expect(await upload(invoice.documentId)).toMatchObject({ outcome: 'retried', code });
    expect(await rowOf(invoice)).toMatchObject({ tries: 1, blocked: false, errorCode: code, dueAt: expect.any(Date) });
    await stage.timePasses(invoice.number);
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'done' });
    expect((await folder.tree())[invoice.path]).toBe(contentOf(invoice));
    expect(await rowOf(invoice)).toBeUndefined();
  });

  test.each([
    { says: 'has no name', set: 'path = null', code: 'no_pdf' },
    { says: 'has a name that leads out of the folder', set: "path = '../x.pdf'", code: 'path_refused' },
  ])('rejected: an invoice that $says blocks its step', async ({ set, code }) => {
    const invoice = await addInvoice();
    await stage.sql(`update public.order_lazada_document set ${set} where id = $1`, [invoice.documentId]);
    expect(await upload(invoice.documentId)).toMatchObject({
      outcome: 'failed',
      code,
      reason: expect.stringContaining(`demo-sg/${invoice.number}: `),
    });
    expect(await rowOf(invoice)).toMatchObject({ blocked: true, dueAt: null, errorCode: code });
    expect(await upload(invoice.documentId)).toEqual({ outcome: 'superseded' });
  });
});
