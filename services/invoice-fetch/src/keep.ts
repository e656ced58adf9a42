/** What was made of Lazada's answer is stored. Each answers why there is no PDF of it; null: there is. */
import {
  type DrawnDocument,
  type Failure,
  type InvoicePart,
  invoiceParts,
  nextRecheckOf,
  type RenderedInvoice,
  recordDocument,
  recordDrawn,
  recordRestored,
} from '@lazada-sof/orders';
import { type FetchedPart, type Fetching, pathOf } from './fetching.ts';

/** As the next revision of the part, where nobody has stored one meanwhile. */
export async function keep(
  part: InvoicePart,
  made: RenderedInvoice,
  { tools, context }: Fetching,
): Promise<Failure | null> {
  const { template, recheckAfter } = tools;
  const { part: number, orderItemIds, document } = part;
  const revision = (document?.revision ?? 0) + 1;
  await context.change((fresh, now) => {
    const current = invoiceParts(fresh).find((one) => one.part === number)?.document ?? null;
    if (current?.documentId !== document?.documentId) return null;
    const { pdf, source, sourceMime } = made;
    const path = pdf && pathOf(fresh, { part: number, revision, template }, now);
    const recheckAt = nextRecheckOf(fresh, number, { offsets: recheckAfter, now });
    const about = { docType: 'invoice', part: number, revision, orderItemIds } as const;
    return recordDocument(fresh, { ...about, source, sourceMime, pdf, path, recheckAt });
  });
  return made.pdf ? null : made.failure;
}

/** In the revision that waited for a renderer, under the name of the day on which it was fetched. */
export async function keepDrawn(
  { part, document }: FetchedPart,
  made: RenderedInvoice,
  { tools, context }: Fetching,
): Promise<Failure | null> {
  if (!made.pdf) return made.failure;
  const { pdf, source, sourceMime } = made;
  const { documentId, revision, createdAt } = document;
  await context.change((fresh) => {
    const path = pathOf(fresh, { part, revision, template: tools.template }, createdAt);
    return recordDrawn(fresh, { documentId, pdf, source, sourceMime, path });
  });
  return null;
}

/** In its own revision, from which it had been removed. */
export async function keepRestored(restored: Omit<DrawnDocument, 'path'>, { context }: Fetching): Promise<null> {
  await context.change((fresh) => recordRestored(fresh, restored));
  return null;
}
