/**
 * One order with everything that the rules need to know of it, as one immutable value. The database loads it, the
 * rules turn it into another one, the database writes the difference. Ids are text, times are `Date`s.
 */

import type { SofDriver } from './drivers.ts';

export const COUNTRIES = ['SG', 'MY', 'TH', 'VN', 'PH', 'ID'] as const;
export type Country = (typeof COUNTRIES)[number];

export type ParkedStatus = 'auth_failed' | 'reauth_required';
export type AccountStatus = 'active' | ParkedStatus;
export type SofRts = 'package' | 'legacy';

/** What the rules and connectors may know of an account. Secrets are not part of it; see `Tokens` in `ports.ts`. */
export type Account = {
  readonly accountId: string;
  readonly name: string;
  /** Null: the row names none of them; then there is a mistake that says so. */
  readonly country: Country | null;
  /** IANA name; the country's own where the account names none. */
  readonly timezone: string;
  /** What of its row nobody can use, in words; with one of them it is not active, whatever its status. */
  readonly mistakes: readonly string[];
  readonly enabled: boolean;
  readonly status: AccountStatus;
  readonly statusReason: string | null;
  readonly deliveryType: string | null;
  /** How ends are reported. */
  readonly sofDriver: SofDriver;
  readonly sofRts: SofRts;
  readonly autoSendNotDelivered: boolean;
  readonly shipmentProvider: string | null;
  readonly invoicePathTemplate: string | null;
};

/**
 * An item as the marketplace's last read showed it (`order_lazada.items`), in the package in which it was last seen. An
 * unknown `status` is a value, not an error.
 */
export type Item = {
  readonly orderItemId: string;
  readonly status: string;
  readonly packageId: string | null;
  readonly sof: boolean;
  readonly digital: boolean;
  readonly cancelPending: boolean;
  /** Since when it has shown a state before packed, though it was in a package; absent: it does not. */
  readonly beforePackedSince?: Date;
};

export const PACKAGE_STATES = [
  'packed',
  'ready_to_ship',
  'shipped',
  'delivered',
  'not_delivered',
  'cancelled',
] as const;
export type PackageState = (typeof PACKAGE_STATES)[number];
export type EndStatus = 'delivered' | 'not_delivered';
/** A status as it is reported for one package. */
export type SentStatus = 'shipped' | EndStatus;

export type Package = {
  /** Our row's id; empty until the row is written. */
  readonly id: string;
  /** Lazada's id, unique only within its order. */
  readonly packageId: string;
  readonly trackingNumber: string | null;
  readonly shipmentProvider: string | null;
  readonly state: PackageState;
  readonly carrier: string | null;
  readonly carrierTrackingNumber: string | null;
  readonly readyToShipAt: Date | null;
  readonly shippedAt: Date | null;
  readonly shippedSentAt: Date | null;
  readonly deliveredAt: Date | null;
  readonly deliveredSentAt: Date | null;
  readonly notDeliveredAt: Date | null;
  readonly notDeliveredSentAt: Date | null;
  readonly confirmedAt: Date | null;
};

/** The step names of `order_lazada_step`, in the order in which `blocked_step` names the first. */
export const STEP_NAMES = [
  'ready_to_ship',
  'tracking',
  'shipped',
  'delivered',
  'not_delivered',
  'confirm',
  'look',
  'invoice_fetch',
  'invoice_upload',
  'carrier_poll',
] as const;
export type StepName = (typeof STEP_NAMES)[number];

/** A step that failed, waits or is blocked (`order_lazada_step`); a step that goes well has no row. */
export type StepRow = {
  readonly step: StepName;
  /** Our package's or document's id, a refused item's `order_item_id`, else empty. */
  readonly ref: string;
  readonly dueAt: Date | null;
  readonly since: Date;
  readonly tries: number;
  readonly blocked: boolean;
  readonly errorCode: string | null;
  readonly error: string | null;
};

export type AttemptOutcome = 'sending' | 'unknown' | 'accepted' | 'refused' | 'void';

/** The intent before a status leaves, closed by what became of it (`order_lazada_attempt`). */
export type Attempt = {
  /** Empty until the row is written. */
  readonly attemptId: string;
  /** Our package's row id. */
  readonly packageRowId: string;
  /** Empty where the package has none (driver `dbs`). */
  readonly trackingNumber: string;
  readonly status: SentStatus;
  readonly occurredAt: Date;
  readonly outcome: AttemptOutcome;
  readonly startedAt: Date;
  readonly closedAt: Date | null;
  readonly httpStatus: number | null;
  /** At most 500 characters, redacted. */
  readonly answer: string | null;
  readonly requestId: string | null;
};

/** An invoice part and revision, without its bytes (`order_lazada_document`). */
export type DocumentFacts = {
  readonly documentId: string;
  readonly docType: string;
  readonly part: number;
  readonly revision: number;
  readonly orderItemIds: readonly string[];
  readonly sourceSha256: string;
  /** It became a PDF, whose bytes may have been removed since. */
  readonly hasPdf: boolean;
  /** When its bytes were removed, since they had been kept long enough; null: they are there. */
  readonly removedAt: Date | null;
  /** It came as a web page while no renderer was there, and none has tried it since. */
  readonly waitsForRenderer: boolean;
  readonly path: string | null;
  readonly uploadedAt: Date | null;
  /** When Lazada is asked again whether it has issued another one; null: never. Only the newest revision's counts. */
  readonly recheckAt: Date | null;
  readonly createdAt: Date;
};

/** Written together with a change, since it has bytes and the order has none. Its id comes back in `order.documents`. */
export type NewDocument = {
  readonly docType: 'invoice';
  readonly part: number;
  readonly revision: number;
  readonly orderItemIds: readonly string[];
  readonly source: Buffer;
  readonly sourceMime: string;
  /** Null: there is no renderer, it waits for one, and has no path. */
  readonly pdf: Buffer | null;
  readonly path: string | null;
  readonly recheckAt: Date | null;
};

/** The PDF of a document that has waited for a renderer, and what it was made of. */
export type DrawnDocument = Pick<NewDocument, 'source' | 'sourceMime'> & {
  readonly documentId: string;
  readonly pdf: Buffer;
  readonly path: string;
};

/** What the host says of the whole order's end. `flag` is true only for the value 1. */
export type Instruction = {
  readonly flag: boolean;
  readonly at: Date | null;
  readonly sentAt: Date | null;
};

export const HOLD_REASONS = [
  'cancel_pending',
  'conflict',
  'not_sof',
  'too_early',
  'out_of_order',
  'awaiting_tracking',
  'awaiting_release',
  'status_mismatch',
  'tracking_missing',
] as const;
/** In the order in which `hold_reason` names the first; the last two stop nothing. */
export type HoldReason = (typeof HOLD_REASONS)[number];

export type OrderStatus = 'new' | 'partially_delivered' | PackageState;
export const INVOICE_STATUSES = [
  'none',
  'waiting',
  'fetched',
  'uploaded',
  'missing',
  'unsupported',
  'render_failed',
] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** The stored summary: every write of ours recomputes it, and it decides nothing. */
export type Summary = {
  readonly status: OrderStatus;
  readonly holdReason: HoldReason | null;
  readonly blockedStep: StepName | null;
  readonly lastErrorCode: string | null;
  readonly lastError: string | null;
  readonly confirmedAt: Date | null;
  readonly invoiceStatus: InvoiceStatus;
};

export type Order = {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly account: Account;
  /** Null where no host told it. */
  readonly createdAt: Date | null;
  readonly toolStatus: string | null;
  readonly updateShipping: boolean;
  /** The host's column: the first number known. */
  readonly trackingNumber: string | null;
  readonly delivered: Instruction;
  readonly notDelivered: Instruction & { readonly reason: string | null; readonly releasedAt: Date | null };
  readonly shippedAt: Date | null;
  readonly carrier: string | null;
  readonly carrierTrackingNumber: string | null;
  /** The carriers, by the names that packages have, that somebody asks at present how their parcels stand. */
  readonly carriersAsked: readonly string[];
  /** What the last read showed; null: never read. */
  readonly items: readonly Item[] | null;
  readonly itemsReadAt: Date | null;
  /** Lazada's deadline: the earliest of the live SOF items that are not ready to ship yet; null once none is left. */
  readonly shipBy: Date | null;
  readonly packages: readonly Package[];
  readonly steps: readonly StepRow[];
  /** Oldest first. */
  readonly attempts: readonly Attempt[];
  readonly documents: readonly DocumentFacts[];
  /** As stored. `plan` computes the true one. */
  readonly summary: Summary;
  /** As stored: due mark, wake-up and lease at once. */
  readonly nextAttemptAt: Date | null;
};

export const EVENT_KINDS = [
  'flag_set',
  'ready_to_ship',
  'tracking_known',
  'status_sent',
  'status_accepted',
  'status_confirmed',
  'status_mismatch',
  'held',
  'released',
  'withdrawn',
  'forced',
  'cancelled',
  'invoice_fetched',
  'invoice_uploaded',
  'blocked',
  'unblocked',
  'noted',
  'account_parked',
  'account_unparked',
] as const;
export type EventKind = (typeof EVENT_KINDS)[number];

/** Something that happened to an order, for its timeline. `data` is JSON without secrets or buyers' data. */
export type OrderEvent = {
  readonly kind: EventKind;
  /** Lazada's id of the package that it concerns. */
  readonly packageId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly requestId?: string;
};

/** What a rule answers: the order as it is from now on, and what to tell of it. */
export type Change = {
  readonly order: Order;
  readonly events: readonly OrderEvent[];
  /** Documents that came with it; `order.documents` gets them when they are written. */
  readonly newDocuments?: readonly NewDocument[];
  /** Bytes of documents that had none. */
  readonly drawnDocuments?: readonly DrawnDocument[];
  /** Tracking numbers of single items, for the host's `order_items`. */
  readonly itemTracking?: readonly { readonly orderItemId: string; readonly trackingNumber: string }[];
};
