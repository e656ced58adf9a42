/**
 * What other systems may say of an order: the payload of `update-order`, and without account and number the body of the
 * HTTP call. Written by strangers in any language, so it is strict: a field that nobody knows is a mistake, since the update
 * would mean something else without it. `docs/order-update.schema.json` is made from it.
 */
import { isLonger, LONGEST, type OrderUpdate, UPDATE_STATUSES } from '@lazada-sof/orders';
import { oneLine } from '@lazada-sof/redact';
import { z } from 'zod';

/** PostgreSQL can hold neither NUL nor half of a surrogate pair. */
export const isStorable = (value: string) => !value.includes('\0') && value.isWellFormed();

/**
 * Ids are text also where they are digits: a JSON number loses those beyond 2^53. Characters are counted as JSON Schema
 * and PostgreSQL count them: a letter beyond U+FFFF is one.
 */
export const storableText = (longest: number, empty = 'it is empty; leave it out') =>
  z
    .string({ error: ({ input }) => (input === undefined ? 'it is missing' : 'write it as text, in quotes') })
    .min(1, empty)
    .refine((value) => !isLonger(value, longest), `it has more than ${longest} characters; shorten it`)
    .refine(isStorable, 'it has a character that cannot be stored (NUL, or half of a surrogate pair); take it out')
    .meta({ maxLength: longest });
const needed = (longest: number) => storableText(longest, 'it is empty; write it');
const optional = (longest: number) => storableText(longest).exactOptional();

const TIME = 'write a time with its offset, like 2026-03-14T15:09:26+08:00 or …Z';

/**
 * RFC 3339, of a day that there is. Years from 1000, since an offset can take the first of them into year 0, which PostgreSQL
 * does not know. Written for every language's validator: digits by name (`\d` is more than ten of them in Python) and
 * without looking ahead (Go cannot).
 */
const TIME_PATTERN = (() => {
  const leapYear = '([1-9][0-9](0[48]|[2468][048]|[13579][26])|([2468][048]|[13579][26])00)';
  const february = '02-(0[1-9]|1[0-9]|2[0-8])';
  const short = '(0[469]|11)-(0[1-9]|[12][0-9]|30)';
  const long = '(0[13578]|1[02])-(0[1-9]|[12][0-9]|3[01])';
  const hourAndMinute = '([01][0-9]|2[0-3]):[0-5][0-9]';
  const day = `(${leapYear}-02-29|[1-9][0-9]{3}-(${february}|${short}|${long}))`;
  return `^${day}T${hourAndMinute}:[0-5][0-9](\\.[0-9]+)?(Z|[+-]${hourAndMinute})$`;
})();

export const updateFields = {
  status: z
    .enum(UPDATE_STATUSES, `write one of ${UPDATE_STATUSES.join(', ')}`)
    .exactOptional()
    .describe("What happened, or release or withdraw. May be left out where a carrier's number is told."),
  occurredAt: z
    .string(TIME)
    .regex(new RegExp(TIME_PATTERN), TIME)
    .meta({ format: 'date-time' })
    .exactOptional()
    .describe(
      'When it happened (RFC 3339, with Z or an offset), not when it was sent. Left out: when the update arrived.',
    ),
  packageId: optional(LONGEST.packageId).describe("One package, by Lazada's id; left out: all of the order."),
  trackingNumber: optional(LONGEST.trackingNumber).describe(
    'One package, by its tracking number; left out: all of the order.',
  ),
  carrier: optional(LONGEST.carrier).describe('Who carries it, such as dhl; told together with carrierTrackingNumber.'),
  carrierTrackingNumber: optional(LONGEST.carrierTrackingNumber).describe(
    "The carrier's own number of the parcel. An order with several packages needs packageId or trackingNumber beside it.",
  ),
  reason: optional(LONGEST.reason).describe('Why it was not delivered, in the words of whoever was there.'),
  requestId: optional(LONGEST.requestId).describe(
    "The sender's own name of this update: the same twice has one effect, for as long as the order is kept.",
  ),
};

export const accountName = needed(LONGEST.account).describe('The account, as `sof account list` names it.');
export const orderNumber = needed(LONGEST.orderNumber).describe("Lazada's order number.");

/** What senders may write into the queue. A worker may add a mark of its own, which is no sender's (see the contract). */
export const sentUpdate = z.strictObject(
  {
    v: z.literal(1, 'write 1').describe('The version of these fields.'),
    account: accountName,
    orderNumber,
    ...updateFields,
  },
  {
    error: (issue) =>
      issue.code === 'unrecognized_keys'
        ? `there is no field ${issue.keys?.join(', ')}; leave it out, or see how it is spelled`
        : 'write an object',
  },
);

const named = z.object({ account: accountName, orderNumber });

/** `account/orderNumber`, also of an update that is junk otherwise. */
export function orderNamedIn(data: unknown): string | undefined {
  const { data: order } = named.safeParse(data);
  return order && oneLine(`${order.account}/${order.orderNumber}`);
}

export type UpdateFields = z.output<z.ZodObject<typeof updateFields>>;

export const toOrderUpdate = ({ occurredAt, ...fields }: UpdateFields): OrderUpdate => ({
  ...fields,
  ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt) }),
});
