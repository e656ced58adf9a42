/** An order as the API shows it. */
import type { OrderLine } from '@lazada-sof/db';
import { EVENT_KINDS, HOLD_REASONS, INVOICE_STATUSES, PACKAGE_STATES, STEP_NAMES } from '@lazada-sof/orders';
import { z } from 'zod';
import { timeOut, written } from './common.ts';

export const ORDER_STATUSES = ['new', 'partially_delivered', ...PACKAGE_STATES] as const;
/** While the account is parked, disabled or no longer SOF nothing of its orders moves: that comes before every other hold. */
export const SHOWN_HOLDS = ['account_blocked', ...HOLD_REASONS] as const;

const time = timeOut.nullable();

export const orderRow = z
  .object({
    account: z.string(),
    orderNumber: z.string(),
    toolStatus: z.string().nullable(),
    updateShipping: z.number().int(),
    status: z.enum(ORDER_STATUSES),
    holdReason: z.enum(SHOWN_HOLDS).nullable().describe('The first rule that makes a step wait.'),
    blockedStep: z.enum(STEP_NAMES).nullable().describe("The first step that was given up: a person's turn."),
    nextAttemptAt: time.describe('When something is due next; null: nothing is.'),
    shipBy: time.describe(
      "Lazada's deadline for what is not ready to ship yet; null: nothing is left, or none was told.",
    ),
    invoiceStatus: z.enum(INVOICE_STATUSES),
    confirmedAt: time,
    lastError: z.object({ code: z.string().nullable(), message: z.string() }).nullable(),
  })
  .meta({ id: 'OrderRow' });

const orderPackage = z.object({
  packageId: z.string(),
  trackingNumber: z.string().nullable(),
  state: z.enum(PACKAGE_STATES),
  shippedAt: time,
  shippedSentAt: time,
  deliveredAt: time,
  deliveredSentAt: time,
  notDeliveredAt: time,
  notDeliveredSentAt: time,
  confirmedAt: time,
});

const orderDocument = z.object({
  docType: z.string(),
  part: z.number().int(),
  revision: z.number().int(),
  path: z.string().nullable(),
  uploadedAt: time,
  bytes: z.number().int().nullable().describe('The size of the PDF.'),
  removedAt: time.describe('Its bytes were removed then, since they had been kept long enough; null: they are there.'),
});

const orderManifest = z.object({
  day: z.iso.date(),
  status: z.string().nullable().describe('listed, stored, not_supported, failed, or what the host wrote.'),
  error: z.string().nullable(),
});

const event = z.object({
  at: timeOut,
  kind: z.enum(EVENT_KINDS),
  source: z.string(),
  data: z.record(z.string(), z.unknown()),
});

export const check = z.object({
  check: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  fix: z.string().optional().describe('What to do, where something is in the way.'),
});

export const orderShape = z
  .object({
    ...orderRow.shape,
    packages: z.array(orderPackage),
    documents: z.array(orderDocument),
    manifests: z.array(orderManifest).describe("The days' manifests that list items of it, the newest first."),
    timeline: z.array(event).describe('Oldest first.'),
    explain: z
      .array(check)
      .describe('What a person should look at first comes first; ok false: it stops something, or wants a person.'),
  })
  .meta({ id: 'Order' });

/** A line of a list. */
export const shownLine = ({ orderId: _ours, ...line }: OrderLine): z.output<typeof orderRow> => ({
  ...line,
  updateShipping: line.updateShipping ?? 0,
  nextAttemptAt: written(line.nextAttemptAt),
  shipBy: written(line.shipBy),
  confirmedAt: written(line.confirmedAt),
});
