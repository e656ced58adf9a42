/** What every way of fetching an invoice shares: its tools, Lazada's answer, and the name. */
import type { Documents } from '@lazada-sof/db';
import {
  type DocumentFacts,
  Failure,
  type InvoicePart,
  type InvoiceSource,
  InvoiceTemplateError,
  invoicePath,
  type Marketplace,
  type Order,
  type PdfRenderer,
  usable,
} from '@lazada-sof/orders';
import type { StepContext } from '@lazada-sof/queue';

export type InvoiceTools = {
  readonly marketplace: Marketplace;
  readonly renderer: PdfRenderer;
  readonly template: string;
  /** How long after it was stored an invoice is looked at again; empty: never. */
  readonly recheckAfter: readonly number[];
  readonly documents: Pick<Documents, 'source' | 'holderOf'>;
};
export type Fetching = { readonly tools: InvoiceTools; readonly context: StepContext };
/** A part of which there is an invoice. */
export type FetchedPart = InvoicePart & { readonly document: DocumentFacts };

/** Not there yet: asked for on its own ladder, at whose end the invoice is missing. */
export async function readInvoice(part: InvoicePart, { tools, context }: Fetching): Promise<InvoiceSource> {
  try {
    return await tools.marketplace.readInvoice(context.order.account, part.orderItemIds, context.signal);
  } catch (error) {
    if (!(error instanceof Failure) || error.kind !== 'not-ready') throw error;
    throw new Failure('not-ready', error.message, { code: 'missing', schedule: 'invoice', cause: error });
  }
}

type Revision = { readonly part: number; readonly revision: number };
type Name = Revision & { readonly template: string };

/** @throws Failure, where the account's row cannot be used by now, or the order's number makes too long a name */
export function pathOf({ account, orderNumber }: Order, { part, revision, template }: Name, fetchedAt: Date): string {
  const { country, name, timezone, invoicePathTemplate } = usable(account);
  const own = { country, account: name, orderNumber, timezone, template: invoicePathTemplate ?? template };
  try {
    return invoicePath({ ...own, part, revision, fetchedAt });
  } catch (cause) {
    if (!(cause instanceof InvoiceTemplateError)) throw cause;
    throw new Failure('rejected', cause.message, { code: 'invoice_path', cause });
  }
}

/**
 * Two orders may not have one name: the upload would put the second under the name of a revision of the first.
 * @throws Failure, where another order has it
 */
export async function refuseTakenName(
  { part, revision }: Revision,
  { tools, context: { order, now } }: Fetching,
  fetchedAt = now,
): Promise<void> {
  const path = pathOf(order, { part, revision, template: tools.template }, fetchedAt);
  const holder = await tools.documents.holderOf(path, order.orderId);
  if (!holder) return;
  const template = order.account.invoicePathTemplate ?? tools.template;
  throw new Failure(
    'rejected',
    `invoice path template "${template}" gives it the path ${path}, which ${holder.account}/${holder.orderNumber} has already: put {account} into the template, or what else tells the two apart, then release the order`,
    { code: 'invoice_path' },
  );
}
