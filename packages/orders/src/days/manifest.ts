/**
 * A day's manifest: which items it lists, in which pieces Lazada is asked for them, how the pieces become one file, and what
 * a refusal means. Pure.
 */
import { ITEMS_PER_PART } from '../invoice/invoice-parts.ts';
import { Failure } from '../model/failure.ts';
import type { Item } from '../model/order.ts';
import { isShippable } from '../model/status.ts';

/**
 * `listed`: our own list is there, Lazada is asked. `stored`: its file is there, for good. `not_supported`: Lazada makes none
 * for the seller's own fleet. `failed`: given up after failures.
 */
export const MANIFEST_STATUSES = ['listed', 'stored', 'not_supported', 'failed'] as const;
export type ManifestStatus = (typeof MANIFEST_STATUSES)[number];

/** A package that became ready to ship on the day, with the items of its order as they were last read. */
export type ReadyPackage = { readonly packageId: string; readonly items: readonly Item[] };

/** The items that the fleet carries in these packages, each once, in the packages' order. Cancelled and digital ones are none. */
export function manifestItems(packages: readonly ReadyPackage[]): string[] {
  const listed = packages.flatMap(({ packageId, items }) =>
    items.filter((item) => item.packageId === packageId && isShippable(item)).map(({ orderItemId }) => orderItemId),
  );
  return [...new Set(listed)];
}

/** So many at a time, the most that Lazada takes. */
export const manifestPieces = (orderItemIds: readonly string[]): string[][] =>
  Array.from({ length: Math.ceil(orderItemIds.length / ITEMS_PER_PART) }, (_, piece) =>
    orderItemIds.slice(piece * ITEMS_PER_PART, (piece + 1) * ITEMS_PER_PART),
  );

/** What a piece is by its bytes. */
export type PieceForm =
  | { readonly form: 'pdf' }
  | { readonly form: 'html' }
  | { readonly form: 'other'; readonly reason: string };

/**
 * As what the pieces are put together. PDFs beside web pages are no manifest: no kind of file holds both, and a page that we
 * print would no longer be Lazada's own paper; most likely Lazada is changing from one to the other, and is asked again.
 * @throws Failure
 */
export function manifestForm(pieces: readonly PieceForm[]): 'pdf' | 'html' {
  const number = pieces.findIndex(({ form }) => form === 'other');
  const odd = pieces[number];
  if (odd?.form === 'other') throw unusable(`piece ${number + 1} of ${pieces.length} is ${odd.reason}`);
  const [first, ...rest] = pieces;
  if (!first || first.form === 'other') throw unusable('it has no piece');
  if (rest.every(({ form }) => form === first.form)) return first.form;
  const count = (wanted: string) => pieces.filter(({ form }) => form === wanted).length;
  throw unusable(`PDFs (${count('pdf')}) beside web pages (${count('html')}) cannot become one file`);
}

/** Asked for again, since another time Lazada may send another file. */
const unusable = (reason: string) => new Failure('transient', `manifest: ${reason}`, { code: 'manifest_file' });

/** Lazada makes no such document for the seller's own fleet (50008, 700040): asking again would change nothing. */
export const isNotSupported = (error: unknown): error is Failure =>
  error instanceof Failure && error.kind === 'rejected' && error.code === 'unsupported';
