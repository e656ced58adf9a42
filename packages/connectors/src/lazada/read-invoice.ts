import { getDocument, MOST_DOCUMENT_ITEMS } from '@lazada-sof/clients';
import { type Account, Failure, type InvoiceSource, SECOND } from '@lazada-sof/orders';
import type { LazadaCalls } from './calls.ts';

/** Calls that are made for many orders look further ahead, so that a backlog of invoices never keeps them from a slot. */
const IN_NO_HURRY = { longestMs: 2 * SECOND };

/** The invoice of these items. While Lazada has none they are waited for on the invoice's own ladder. */
export async function readInvoice(
  calls: LazadaCalls,
  account: Account,
  orderItemIds: readonly string[],
  signal?: AbortSignal,
): Promise<InvoiceSource> {
  const what = `invoice of ${account.name}, item ${orderItemIds.join(', ')}`;
  if (orderItemIds.length === 0 || orderItemIds.length > MOST_DOCUMENT_ITEMS) throw wrongNumber(what, orderItemIds);
  const document = await calls.call(
    { account, what, schedule: 'invoice' },
    await calls.slot(account, signal, IN_NO_HURRY),
    (platform, shop) => getDocument(platform, shop, { type: 'invoice', orderItemIds }, { signal }),
  );
  if (document) return { bytes: document.bytes, declaredMime: document.mimeType };
  throw new Failure('not-ready', `${what}: Lazada has none yet`, { code: 'no_document', schedule: 'invoice' });
}

const wrongNumber = (what: string, { length }: readonly string[]) =>
  new Failure('rejected', `${what}: asked for ${length} items, one call takes 1 to ${MOST_DOCUMENT_ITEMS}`, {
    code: 'batch_size',
  });
