/** The worker that fetches invoices, run by hand: its handler on real connectors, at a stage of its own. */
import { marketplaceLazada } from '@lazada-sof/connectors';
import { pdfRenderer, rendererProcess } from '@lazada-sof/connectors/pdf-renderer';
import type { InvoiceStatus, PdfRenderer, StepRow } from '@lazada-sof/orders';
import { type Ended, openWorkerStage, RENDERER_PROGRAM, type WorkerStage } from '@lazada-sof/testkit';
import { type InvoiceTools, performInvoiceFetch } from './handler.ts';

export const DOCUMENT = '/order/document/get';
const TEMPLATE = '{country}/{account}/{order_number}.pdf';

export type StoredDocument = Readonly<Record<'source' | 'pdf', Buffer>> & Readonly<Record<string, unknown>>;

export type InvoiceFetch = WorkerStage & {
  /** One job of the order. */
  fetchInvoice(orderNumber: string, options?: { force?: boolean }): Promise<Ended>;
  /** An order that is ready to ship, and what is peculiar about its invoice. */
  addInvoice(invoice?: object, request?: { account?: string; items?: number }): Promise<string>;
  itemsOf(orderNumber: string): Promise<string[]>;
  /** How often its invoice was asked for. */
  asked(orderNumber: string): Promise<number>;
  /** What Lazada sends at this moment. */
  sent(orderNumber: string): Promise<Buffer>;
  stored(orderNumber: string): Promise<StoredDocument[]>;
  rowOf(orderNumber: string): Promise<StepRow | undefined>;
  statusOf(orderNumber: string): Promise<InvoiceStatus>;
  /** The first part's invoice was stored so many days ago, and its next look is due. */
  daysPass(orderNumber: string, days: number): Promise<void>;
  /** When the newest revision of part 1 is looked at again, in days since it was stored. */
  recheckDays(orderNumber: string): Promise<number | null>;
  kindsOf(orderNumber: string): Promise<string[]>;
  /** What was noted on its timeline. */
  noted(orderNumber: string): Promise<unknown[]>;
  /** A worker of the same kind that has another renderer, or other settings. */
  another(options: Partial<FetchOptions>): Promise<Pick<InvoiceFetch, 'fetchInvoice'> & { renderer: PdfRenderer }>;
};

export type FetchOptions = {
  readonly renderer: 'chromium' | 'none';
  readonly linkHosts: readonly string[];
  readonly recheckAfter: readonly number[];
  /** Otherwise than those of the database. */
  readonly documents: Partial<InvoiceTools['documents']>;
};
const DAY_MS = 86_400_000;
const USUAL: FetchOptions = {
  renderer: 'chromium',
  linkHosts: [],
  recheckAfter: [DAY_MS, 7 * DAY_MS, 30 * DAY_MS],
  documents: {},
};

export async function openInvoiceFetch(): Promise<InvoiceFetch> {
  const stage = await openWorkerStage('invoice-fetch');
  const marketplace = marketplaceLazada(stage.outside().lazada);
  const { documents } = stage.db;
  const opened: PdfRenderer[] = [];
  const another: InvoiceFetch['another'] = async (options) => {
    const { recheckAfter, documents: others, ...settings } = { ...USUAL, ...options };
    const renderer = pdfRenderer(settings, rendererProcess({ program: RENDERER_PROGRAM }));
    opened.push(renderer);
    const tools = { marketplace, renderer, template: TEMPLATE, recheckAfter, documents: { ...documents, ...others } };
    const job = stage.job(performInvoiceFetch(tools));
    return { renderer, fetchInvoice: (orderNumber, how) => stage.run(job, orderNumber, how) };
  };
  const { fetchInvoice } = await another({});
  const itemsOf = async (orderNumber: string) =>
    (await stage.lazada.order(orderNumber)).items.map(({ orderItemId }) => orderItemId);
  return {
    ...stage,
    fetchInvoice,
    another,
    addInvoice: (invoice = {}, request = {}) => stage.addReadyOrder({ ...request, script: { invoice } }),
    itemsOf,
    asked: async (orderNumber) => stage.lazada.asked(DOCUMENT, (await itemsOf(orderNumber))[0] ?? ''),
    async sent(orderNumber) {
      const { account } = await stage.order(orderNumber);
      return (await marketplace.readInvoice(account, await itemsOf(orderNumber))).bytes;
    },
    stored: async (orderNumber) => (await stage.sql(DOCUMENTS, [orderNumber])) as StoredDocument[],
    rowOf: async (orderNumber) => (await stage.order(orderNumber)).steps.find(({ step }) => step === 'invoice_fetch'),
    async daysPass(orderNumber, days) {
      const { orderId } = await stage.order(orderNumber);
      await stage.sql(
        `update public.order_lazada_document
            set created_at = created_at - $2 * interval '1 day', recheck_at = recheck_at - $2 * interval '1 day'
          where order_id = $1`,
        [orderId, days],
      );
    },
    async recheckDays(orderNumber) {
      const { documents } = await stage.order(orderNumber);
      const newest = documents.filter(({ part }) => part === 1).at(-1);
      if (!newest?.recheckAt) return null;
      return Math.round((newest.recheckAt.getTime() - newest.createdAt.getTime()) / DAY_MS);
    },
    async kindsOf(orderNumber) {
      const { orderId } = await stage.order(orderNumber);
      const rows = await stage.sql('select kind from public.order_lazada_event where order_id = $1 order by id', [
        orderId,
      ]);
      return rows.map(({ kind }) => String(kind));
    },
    async noted(orderNumber) {
      const { orderId } = await stage.order(orderNumber);
      const text = "select data from public.order_lazada_event where order_id = $1 and kind = 'noted' order by id";
      return (await stage.sql(text, [orderId])).map(({ data }) => data);
    },
    statusOf: async (orderNumber) => (await stage.order(orderNumber)).summary.invoiceStatus,
    async close() {
      await Promise.all(opened.map((renderer) => renderer.close()));
      await stage.close();
    },
  };
}

const DOCUMENTS = `
  select d.* from public.order_lazada_document d join public.orders o on o.id = d.order_id
   where o.order_number = $1 order by d.part, d.revision`;
