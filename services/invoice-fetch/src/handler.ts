/** The invoice of an order's items becomes a real PDF and is stored, part by part. */
import { createHash } from 'node:crypto';
import {
  Failure,
  type InvoicePart,
  type InvoiceSource,
  InvoiceTemplateError,
  invoiceParts,
  invoicePath,
  type Marketplace,
  type Order,
  type PdfRenderer,
  recordDocument,
  usable,
} from '@lazada-sof/orders';
import type { Perform, StepContext } from '@lazada-sof/queue';

export type InvoiceTools = {
  readonly marketplace: Marketplace;
  readonly renderer: PdfRenderer;
  readonly template: string;
};

export function performInvoiceFetch(tools: InvoiceTools): Perform {
  return async (_step, context) => {
    const parts = invoiceParts(context.order).filter((part) => context.force || part.document === null);
    for (const part of parts) await fetchPart(part, tools, context);
  };
}

/** A part that is there already is asked for only by force, and is a new revision only if Lazada's differs. */
async function fetchPart(
  part: InvoicePart,
  { marketplace, renderer, template }: InvoiceTools,
  context: StepContext,
): Promise<void> {
  const { order, signal } = context;
  const source = await readInvoice(marketplace, order, part, signal);
  const rendered = await renderer.toPdf(source, signal);
  if (part.document?.sourceSha256 === sha256(rendered.source)) return;
  await context.change((fresh, now) => {
    const current = invoiceParts(fresh).find((one) => one.part === part.part)?.document ?? null;
    if (current?.sourceSha256 === sha256(rendered.source)) return null;
    const revision = (current?.revision ?? 0) + 1;
    const { part: number, orderItemIds } = part;
    const path = pathOf(fresh, { part: number, revision, template }, now);
    return recordDocument(fresh, { docType: 'invoice', part: number, revision, orderItemIds, ...rendered, path });
  });
}

/** Not there yet: asked for on its own ladder, at whose end the invoice is missing. */
async function readInvoice(
  marketplace: Marketplace,
  order: Order,
  part: InvoicePart,
  signal: AbortSignal,
): Promise<InvoiceSource> {
  try {
    return await marketplace.readInvoice(order.account, part.orderItemIds, signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-ready') throw error;
    throw new Failure('not-ready', error.message, { code: 'missing', schedule: 'invoice', cause: error });
  }
}

type Name = { readonly part: number; readonly revision: number; readonly template: string };

/** @throws Failure, where the account's row cannot be used by now, or the order's number makes too long a name */
function pathOf({ account, orderNumber }: Order, { part, revision, template }: Name, fetchedAt: Date): string {
  const { country, name, timezone, invoicePathTemplate } = usable(account);
  const own = { country, account: name, orderNumber, timezone, template: invoicePathTemplate ?? template };
  try {
    return invoicePath({ ...own, part, revision, fetchedAt });
  } catch (cause) {
    if (!(cause instanceof InvoiceTemplateError)) throw cause;
    throw new Failure('rejected', cause.message, { code: 'invoice_path', cause });
  }
}

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
