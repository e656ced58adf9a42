/** What the control API takes. */
import { z } from 'zod';
import { DHL_CODES } from '../dhl/shipments.ts';
import { TARGET_FAULTS } from '../file-targets/index.ts';
import { COUNTRIES, DEADLINE_FORMS, INVOICE_KINDS, MANIFEST_ANSWERS } from '../world/model.ts';
import { ITEM_EVENTS, ITEM_STATUSES } from '../world/state-machine.ts';

const seconds = z.number().nonnegative();
const digits = z.string().regex(/^\d+$/, 'must be digits');
const status = z.enum(['shipped', 'delivered', 'not_delivered']);

export const AccountBody = z.strictObject({
  sellerId: digits.optional(),
  name: z.string().min(1).optional(),
  country: z.enum(COUNTRIES).optional(),
  appKey: digits.optional(),
  appSecret: z.string().min(1).optional(),
  sofUsername: z.string().min(1).optional(),
  sofPassword: z.string().min(1).optional(),
  lifetimes: z
    .strictObject({ accessSeconds: seconds, refreshSeconds: seconds, sofSeconds: seconds })
    .partial()
    .optional(),
  refreshEndsAccess: z.boolean().optional(),
  allocateType: z.enum(['TFS', 'NTFS']).optional(),
  providers: z.array(z.strictObject({ name: z.string(), code: z.string() })).optional(),
  retiredCalls: z.boolean().optional(),
  alsoIn: z.array(z.enum(COUNTRIES)).optional(),
});

const ItemBody = z
  .strictObject({
    name: z.string(),
    sku: z.string(),
    price: z.number(),
    isDigital: z.boolean(),
    isSof: z.boolean(),
    isFbl: z.boolean(),
    isCancelPending: z.boolean(),
    needCancelConfirm: z.boolean(),
    status: z.enum(['unpaid', 'pending', 'canceled']),
  })
  .partial();

const TroubleBody = z.strictObject({
  /** `/order/fulfill/pack`, or one of the package calls. */
  call: z.string(),
  code: z.string().default('700024'),
  message: z.string().default('System busy'),
  retry: z.boolean().default(true),
  missing: z.boolean().default(false),
  times: z.int().positive().default(1),
});

export const ScriptBody = z
  .strictObject({
    trackingAfterSeconds: seconds,
    sofKnowsAfterSeconds: seconds,
    visibleAfterSeconds: seconds.nullable(),
    swallow: z.array(status),
    itemsPerPackage: z.int().positive().nullable(),
    shipBy: z.strictObject({ afterSeconds: z.number(), form: z.enum(DEADLINE_FORMS) }).partial(),
    shows: z.partialRecord(z.enum(ITEM_STATUSES), z.string()),
    buyer: z.strictObject({ name: z.string(), phone: z.string(), address: z.string() }).partial(),
    invoice: z
      .strictObject({
        kind: z.enum(INVOICE_KINDS),
        language: z.enum(['en', 'th', 'vi']),
        readyAfterSeconds: seconds,
        revision: z.int().positive(),
        link: z.string().nullable(),
        signedPicture: z.boolean(),
        file: z.string(),
        mime: z.string(),
      })
      .partial(),
    trouble: z.array(TroubleBody),
  })
  .partial();

export const OrderBody = z.strictObject({
  /** Seller id or name. */
  account: z.string(),
  count: z.int().min(1).max(10_000).default(1),
  orderNumber: digits.optional(),
  items: z.union([z.int().min(0).max(200), z.array(ItemBody)]).default(1),
  status: z.enum(ITEM_STATUSES).default('pending'),
  createdAt: z.iso.datetime({ offset: true }).optional(),
  /** When it came as far as `status`; absent: now. */
  changedAt: z.iso.datetime({ offset: true }).optional(),
  script: ScriptBody.prefault({}),
});
export const OrdersBody = z.union([z.strictObject({ orders: z.array(OrderBody) }), OrderBody]);

/** Packed again by Lazada into another package in the same state; a buyer asks to cancel, and takes it back. */
export const MANUAL_EVENTS = ['repackElsewhere', 'askCancel', 'endAskCancel'] as const;

/** What happens at Lazada by hand: an event of the state machine, or one of these. */
export const EventBody = z.strictObject({
  event: z.enum([...ITEM_EVENTS, ...MANUAL_EVENTS]),
  /** Absent: every item that can, or whose package it is. */
  items: z.array(digits).optional(),
  package: z.string().optional(),
});

export const BehaviourBody = z
  .strictObject({
    answerDelayMs: z.int().min(0).max(600_000),
    visibleAfterSeconds: seconds,
    manifest: z.enum(MANIFEST_ANSWERS),
    limits: z.array(
      z.strictObject({
        call: z.string().nullable().default(null),
        account: z.string().nullable().default(null),
        perSecond: z.number().nonnegative(),
        answer: z.enum(['ApiCallLimit', 'SellerCallLimit', 'AppCallLimit', '429']).default('ApiCallLimit'),
        banSeconds: z.int().nonnegative().default(1),
      }),
    ),
    dialect: z.enum(['plain', 'text']),
    dates: z.enum(['plain', 'iso', 'epoch']),
    pushUrl: z.url().nullable(),
  })
  .partial();

export const ExpireBody = z.strictObject({
  tokens: z.array(z.enum(['access', 'refresh', 'sof'])).default(['access', 'sof']),
});
export const ClockBody = z.strictObject({ advanceSeconds: z.number() });
export const ResetBody = z.strictObject({
  seed: z.int().nonnegative().default(1),
  /** `counts`: only counts, requests and faults begin anew. */
  only: z.literal('counts').optional(),
});
export const FileFaultBody = z.strictObject({
  target: z.enum(['ftp', 'sftp']),
  fault: z.enum(TARGET_FAULTS),
  times: z.int().positive().optional(),
});
export const ShipmentBody = z.union([
  z.strictObject({ trackingNumber: z.string().min(1), answer: z.looseObject({}) }),
  z.strictObject({
    trackingNumber: z.string().min(1),
    statusCode: z.enum(DHL_CODES),
    timestamp: z.string().default(() => new Date().toISOString()),
  }),
]);
export const DhlRulesBody = z
  .strictObject({
    key: z.string().nullable(),
    perDay: z.int().nonnegative(),
    perSecond: z.int().nonnegative(),
    retryAfter: z.string().nullable(),
  })
  .partial();
