/** The worker that fetches invoices, run by hand: its handler on real connectors, at a stage of its own. */
import { marketplaceLazada } from '@lazada-sof/connectors';
import { pdfRenderer, rendererProcess } from '@lazada-sof/connectors/pdf-renderer';
import type { InvoiceStatus, StepRow } from '@lazada-sof/orders';
import { type Ended, openWorkerStage, RENDERER_PROGRAM, type WorkerStage } from '@lazada-sof/testkit';
import { performInvoiceFetch } from './handler.ts';

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
};

export async function openInvoiceFetch(): Promise<InvoiceFetch> {
  const stage = await openWorkerStage('invoice-fetch');
  const marketplace = marketplaceLazada(stage.outside().lazada);
  const settings = { linkHosts: [], renderer: 'chromium' } as const;
  const renderer = pdfRenderer(settings, rendererProcess({ program: RENDERER_PROGRAM }));
  const job = stage.job(performInvoiceFetch({ marketplace, renderer, template: TEMPLATE }));
  const itemsOf = async (orderNumber: string) =>
    (await stage.lazada.order(orderNumber)).items.map(({ orderItemId }) => orderItemId);
  return {
    ...stage,
    fetchInvoice: (orderNumber, options) => stage.run(job, orderNumber, options),
    addInvoice: (invoice = {}, request = {}) => stage.addReadyOrder({ ...request, script: { invoice } }),
    itemsOf,
    asked: async (orderNumber) => stage.lazada.asked(DOCUMENT, (await itemsOf(orderNumber))[0] ?? ''),
    async sent(orderNumber) {
      const { account } = await stage.order(orderNumber);
      return (await marketplace.readInvoice(account, await itemsOf(orderNumber))).bytes;
    },
    stored: async (orderNumber) => (await stage.sql(DOCUMENTS, [orderNumber])) as StoredDocument[],
    rowOf: async (orderNumber) => (await stage.order(orderNumber)).steps.find(({ step }) => step === 'invoice_fetch'),
    statusOf: async (orderNumber) => (await stage.order(orderNumber)).summary.invoiceStatus,
    async close() {
      await renderer.close();
      await stage.close();
    },
  };
}

const DOCUMENTS = `
  select d.* from public.order_lazada_document d join public.orders o on o.id = d.order_id
   where o.order_number = $1 order by d.part, d.revision`;
