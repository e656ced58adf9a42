/**
 * What other systems may say of an order: the payload of `update-order`, and without account and number the body of the
 * HTTP call. Written by strangers in any language, so it is strict: a field that nobody knows is a mistake, since the update
 * would mean something else without it. `docs/order-update.schema.json` is made from it.
 */
import { type OrderUpdate, UPDATE_STATUSES } from '@lazada-sof/orders';
import { z } from 'zod';

/** PostgreSQL can hold neither NUL nor half of a surrogate pair. */
const isStorable = (value: string) => !value.includes('\0') && value.isWellFormed();

/** Ids are text also where they are digits: a JSON number loses those beyond 2^53. */
export const storableText = (longest: number) =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'it is missing' : 'write it as text, in quotes') })
    .min(1, 'it is empty; leave it out')
    .max(longest, `it has more than ${longest} characters`)
    .refine(isStorable, 'it has a character that cannot be stored (NUL, or half of a surrogate pair)');

const TIME = 'write a time with its offset, like 2026-03-14T15:09:26+08:00 or …Z';
/** PostgreSQL knows no year 0 and JavaScript no year beyond 9999 in this form. */
const isOfACalendar = (time: string) => !time.startsWith('0000') && !Number.isNaN(Date.parse(time));

export const updateFields = {
  status: z
    .enum(UPDATE_STATUSES, `write one of ${UPDATE_STATUSES.join(', ')}`)
    .exactOptional()
    .describe("May be left out where a carrier's number is told."),
  occurredAt: z.iso
    .datetime({ offset: true, error: TIME, abort: true })
    .refine(isOfACalendar, TIME)
    .exactOptional()
    .describe('When it happened, with its offset. Left out: when the update arrived.'),
  packageId: storableText(100).exactOptional().describe("One package, by Lazada's id; left out: all of the order."),
  trackingNumber: storableText(100)
    .exactOptional()
    .describe('One package, by its tracking number; left out: all of the order.'),
  carrier: storableText(50).exactOptional().describe('Who carries it, told together with its number: dhl.'),
  carrierTrackingNumber: storableText(100).exactOptional().describe("The carrier's own number of the parcel."),
  reason: storableText(1_000).exactOptional().describe('Why it was not delivered.'),
  requestId: storableText(200).exactOptional().describe("The sender's own; the same twice has one effect."),
};

export const accountName = storableText(500).describe('The account, as `sof account list` names it.');
export const orderNumber = storableText(100).describe("Lazada's order number.");

export type UpdateFields = z.output<z.ZodObject<typeof updateFields>>;

export const toOrderUpdate = ({ occurredAt, ...fields }: UpdateFields): OrderUpdate => ({
  ...fields,
  ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }),
});
