/**
 * What somebody outside says of an order, by whichever door: a queue, HTTP, a file, the command line, a carrier. Parsed at
 * the door; here are only values.
 */
import type { Attempt, Change, EndStatus, Order, OrderEvent, Package } from '../model/order.ts';

/** `release` ends what a person can end of an order, and takes the whole order to judge. */
export const UPDATE_STATUSES = [
  'ready_to_ship',
  'shipped',
  'delivered',
  'not_delivered',
  'release',
  'withdraw',
] as const;
export type UpdateStatus = (typeof UPDATE_STATUSES)[number];

export type OrderUpdate = {
  /** May be left out where a carrier's number is told. */
  readonly status?: UpdateStatus;
  /** When it happened; left out: now. */
  readonly occurredAt?: Date;
  /** One package, by Lazada's id or its tracking number; left out: all of the order. */
  readonly packageId?: string;
  readonly trackingNumber?: string;
  readonly carrier?: string;
  readonly carrierTrackingNumber?: string;
  /** Why it was not delivered. */
  readonly reason?: string;
  /** The sender's own; the same twice has one effect. */
  readonly requestId?: string;
};

/** One that a narrow view of the order is enough for. */
export type NarrowUpdate = Omit<OrderUpdate, 'status'> & { readonly status?: Exclude<UpdateStatus, 'release'> };

/** As much of an order as an update is judged by, so that a file's thousands are read in two statements. */
export type UpdateView = Pick<
  Order,
  'toolStatus' | 'updateShipping' | 'delivered' | 'notDelivered' | 'shippedAt' | 'carrier' | 'carrierTrackingNumber'
> & {
  readonly packages: readonly PackageView[];
  readonly attempts: readonly Pick<Attempt, 'packageRowId' | 'status' | 'occurredAt' | 'outcome'>[];
};
export type PackageView = Pick<
  Package,
  | 'id'
  | 'packageId'
  | 'trackingNumber'
  | 'state'
  | 'carrier'
  | 'carrierTrackingNumber'
  | 'shippedAt'
  | 'shippedSentAt'
  | 'deliveredAt'
  | 'deliveredSentAt'
  | 'notDeliveredAt'
  | 'notDeliveredSentAt'
>;

/** What an update changes, and nothing else. */
export type UpdatePatch = {
  readonly order: Partial<Omit<UpdateView, 'packages' | 'attempts'>>;
  readonly packages: readonly { readonly packageId: string; readonly fields: Partial<PackageView> }[];
  readonly events: readonly OrderEvent[];
};

/** An end that the marketplace has accepted. */
export type SentEnd = { readonly packageId: string; readonly status: EndStatus; readonly sentAt: Date };

export type UpdateRefusal = {
  /** `invalid`: nobody could do it as it is written. `contradicts`: what the marketplace has accepted, or is about to. */
  readonly kind: 'invalid' | 'contradicts';
  readonly field: keyof OrderUpdate;
  readonly value: string | null;
  /** The fact, and the way out. */
  readonly reason: string;
  /** What the marketplace has accepted by now. */
  readonly sent: readonly SentEnd[];
};

export type UpdateDecision =
  | { readonly ok: true; readonly patch: UpdatePatch; readonly sent: readonly SentEnd[] }
  | { readonly ok: false; readonly refusal: UpdateRefusal };

/** The same on a whole order. */
export type OrderDecision =
  | { readonly ok: true; readonly change: Change; readonly sent: readonly SentEnd[] }
  | { readonly ok: false; readonly refusal: UpdateRefusal };
