import { getDocument } from '@lazada-sof/clients';
import { type Account, Failure, type InvoiceSource } from '@lazada-sof/orders';
import type { LazadaCalls } from './calls.ts';

/** Lazada's manifest of these items, at most 100. */
export async function readManifest(
  calls: LazadaCalls,
  account: Account,
  orderItemIds: readonly string[],
  signal?: AbortSignal,
): Promise<InvoiceSource> {
  const what = `manifest of ${account.name}, ${orderItemIds.length} items from ${orderItemIds[0]} on`;
  const credentials = await calls.slot(account, signal);
  const document = await calls.call({ account, what }, credentials, (platform, shop) =>
    getDocument(platform, shop, { type: 'carrierManifest', orderItemIds }, { signal }),
  );
  if (document) return { bytes: document.bytes, declaredMime: document.mimeType };
  throw new Failure('transient', `${what}: Lazada's answer holds no document`, { code: 'no_document' });
}
