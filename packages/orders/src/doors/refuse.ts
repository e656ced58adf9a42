/** Refusals of an update, each with the field, the value and the way out. */
import type { EndStatus, OrderEvent } from '../model/order.ts';
import type { OrderUpdate, SentEnd, UpdateRefusal, UpdateView } from './update.ts';

/** Thrown by the rules of the doors and caught by `decideUpdate` alone, so that the main path stays at the margin. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Omit<UpdateRefusal, 'sent'>;

  constructor(refusal: Omit<UpdateRefusal, 'sent'>) {
    super(refusal.reason);
    this.refusal = refusal;
  }
}

export function invalid(update: OrderUpdate, field: keyof OrderUpdate, reason: string): Refused {
  return new Refused({ kind: 'invalid', field, value: given(update, field), reason });
}

export function contradicts(update: OrderUpdate, reason: string): Refused {
  return new Refused({ kind: 'contradicts', field: 'status', value: given(update, 'status'), reason });
}

export const saidOfWholeOrder = (update: OrderUpdate): Refused =>
  invalid(
    update,
    update.packageId === undefined ? 'trackingNumber' : 'packageId',
    `${update.status} is said of the whole order; leave it out`,
  );

/** What makes no sense beside a status: it would be written, or lost, without a word. */
const FOREIGN: Partial<Record<NonNullable<OrderUpdate['status']>, readonly (keyof OrderUpdate)[]>> = {
  withdraw: ['carrier', 'carrierTrackingNumber'],
  release: ['occurredAt', 'carrier', 'carrierTrackingNumber'],
};

/** @throws Refused that names the field */
export function refuseForeignFields(update: OrderUpdate): void {
  const { status } = update;
  const field = status && FOREIGN[status]?.find((one) => update[one] !== undefined);
  if (field) throw invalid(update, field, `a ${status} has none; leave it out, or send it on its own`);
}

/** Why somebody says it, for whoever reads the timeline. */
export const withReason = (event: OrderEvent, { reason }: OrderUpdate): OrderEvent =>
  reason === undefined ? event : { ...event, data: { ...event.data, reason } };

function given(update: OrderUpdate, field: keyof OrderUpdate): string | null {
  const value = update[field];
  if (value instanceof Date) return inWords(value);
  return value ?? null;
}

/** A `Date` may be none of a clock. */
export const inWords = (at: Date | null): string =>
  at === null || Number.isNaN(at.getTime()) ? 'an unknown time' : at.toISOString();

const ENDS = [
  { status: 'delivered', sentAt: 'deliveredSentAt' },
  { status: 'not_delivered', sentAt: 'notDeliveredSentAt' },
] as const satisfies readonly { status: EndStatus; sentAt: string }[];

export const sentEnds = ({ packages }: Pick<UpdateView, 'packages'>): SentEnd[] =>
  packages.flatMap((parcel) =>
    ENDS.flatMap(({ status, sentAt }) => {
      const at = parcel[sentAt];
      return at ? [{ packageId: parcel.packageId, status, sentAt: at }] : [];
    }),
  );
