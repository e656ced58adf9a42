/** Which items each invoice document names, and which of them exist. */
import type { DocumentFacts, Order } from '../model/order.ts';
import { isLive } from '../model/status.ts';

/** The most items that one GetDocument takes. */
export const ITEMS_PER_PART = 100;

export type InvoicePart = {
  readonly part: number;
  readonly orderItemIds: readonly string[];
  /** The newest revision; null: there is none yet. */
  readonly document: DocumentFacts | null;
};

/**
 * The order's live, not digital items in parts of 100. Which items a part has is fixed when it is first fetched; items
 * that none of them names make further parts.
 */
export function invoiceParts(order: Order): InvoicePart[] {
  const fixed = newestRevisions(order.documents);
  const named = new Set(fixed.flatMap((document) => document.orderItemIds));
  const rest = (order.items ?? [])
    .filter((item) => isLive(item) && !item.digital && !named.has(item.orderItemId))
    .map((item) => item.orderItemId)
    .toSorted();
  const next = Math.max(0, ...fixed.map((document) => document.part)) + 1;
  return [
    ...fixed.map((document) => ({ part: document.part, orderItemIds: document.orderItemIds, document })),
    ...chunk(rest, ITEMS_PER_PART).map((orderItemIds, index) => ({ part: next + index, orderItemIds, document: null })),
  ];
}

function newestRevisions(documents: readonly DocumentFacts[]): DocumentFacts[] {
  const newest = new Map<number, DocumentFacts>();
  for (const document of documents.filter((one) => one.docType === 'invoice')) {
    const known = newest.get(document.part);
    if (!known || document.revision > known.revision) newest.set(document.part, document);
  }
  return [...newest.values()].toSorted((a, b) => a.part - b.part);
}

const chunk = (ids: readonly string[], size: number): string[][] =>
  Array.from({ length: Math.ceil(ids.length / size) }, (_, index) => ids.slice(index * size, (index + 1) * size));
