/**
 * What the rules' surroundings look like from inside. Connectors implement these with clients, the database and the
 * queue hand in `Tokens` and `Limiter`, services wire them together in their `main.ts`.
 * Every method throws a `Failure`, or its signal's reason once that is aborted; the caller need not know the outside's
 * words.
 */
import type { CarrierShipment } from '../carrier/shipment.ts';
import type { ConsentedShop } from '../consent/consent.ts';
import type { Failure } from './failure.ts';
import type { Account, AttemptOutcome, Change, Item, Order, ParkedStatus, SentStatus } from './order.ts';
import type { Plan } from './owed.ts';

/** An item as the marketplace shows it now: what is stored of it, and what only the reader needs. */
export type MarketplaceItem = Item & {
  readonly trackingNumber: string | null;
  readonly shipmentProvider: string | null;
  /** Null where Lazada sent none that can be read. */
  readonly updatedAt: Date | null;
  /** Until when Lazada wants it ready to ship; null where it sent no time that can be read. */
  readonly shipBy: Date | null;
};

/** What Pack, or a ready-to-ship call of one package or item, answered for that element. */
export type ElementResult<Ok> =
  | { readonly ok: true; readonly value: Ok }
  | { readonly ok: false; readonly failure: Failure };

export type PackedItem = {
  readonly orderItemId: string;
  readonly packageId: string;
  readonly trackingNumber: string | null;
  readonly shipmentProvider: string | null;
};

/** A document as it came: the bytes, and what the marketplace claims they are. */
export type InvoiceSource = { readonly bytes: Buffer; readonly declaredMime: string };

/** `low`: nothing waits for what the read shows. */
export type ReadOptions = { readonly priority?: 'low' };

export interface Marketplace {
  /**
   * The order's items as Lazada shows them. Calls of one moment become requests of 50 orders; one of low priority waits
   * some seconds for more callers.
   */
  readItems(
    account: Account,
    orderNumber: string,
    signal?: AbortSignal,
    options?: ReadOptions,
  ): Promise<readonly MarketplaceItem[]>;
  /** Packs the items, one result per item in the order asked. Calls of one moment become requests of 20 orders. */
  pack(
    account: Account,
    order: { orderNumber: string; orderItemIds: readonly string[] },
    signal?: AbortSignal,
  ): Promise<ReadonlyMap<string, ElementResult<PackedItem>>>;
  /** Sets one package ready to ship, in requests of 20 packages. An element refused is a `Failure`. */
  readyToShip(account: Account, packageId: string, signal?: AbortSignal): Promise<void>;
  /** The retired call for accounts with `sof_rts=legacy`: packs and sets ready in one, for all items or none. */
  readyToShipLegacy(
    account: Account,
    order: { orderNumber: string; orderItemIds: readonly string[] },
    signal?: AbortSignal,
  ): Promise<void>;
  /** The invoice of these items (at most 100); `not-ready` while Lazada has none. */
  readInvoice(account: Account, orderItemIds: readonly string[], signal?: AbortSignal): Promise<InvoiceSource>;
  /** The carrier's manifest of these items (at most 100); `rejected` as `unsupported` where own fleets get none. */
  readManifest(account: Account, orderItemIds: readonly string[], signal?: AbortSignal): Promise<InvoiceSource>;
}

/** One status of one package, with the time at which it happened. */
export type StatusReport = {
  readonly orderNumber: string;
  readonly packageId: string;
  /** Null only for driver `dbs`. */
  readonly trackingNumber: string | null;
  readonly status: SentStatus;
  readonly occurredAt: Date;
};

/**
 * What became of a report that was let go. `accepted`: a clear yes. `refused`: a clear no. `void`: it never left.
 * `unknown`: it may have arrived; only a read can tell. Exactly the outcomes that close an attempt.
 */
export type ReportOutcome = {
  readonly outcome: Exclude<AttemptOutcome, 'sending'>;
  readonly httpStatus: number | null;
  /** At most 500 characters, redacted. */
  readonly answer: string | null;
  readonly requestId: string | null;
  /** Why, for `refused` and `void` (and for the log, `unknown`); absent only for `accepted`. */
  readonly failure?: Failure;
};

/** Writes the intent down once the post has its slot. False: not owed any more, nothing may leave. */
export type OpenAttempt = () => Promise<boolean>;
/** Writes the outcome down. Called exactly once for each `open` that answered true. */
export type CloseAttempt = (outcome: ReportOutcome) => Promise<void>;

/** A way of reporting statuses: `sofp` through the SOF module, `dbs` through the Open Platform. */
export interface Fleet {
  /**
   * Waits for the account's slot, opens the attempt, posts, closes the attempt. The post starts within 5 s of `open`'s
   * answer (else the attempt is closed `void`) and is over within 15 s. A stale token costs one attempt `refused` and a
   * second round. Answers the last outcome, or `superseded` where `open` said no.
   * @throws Failure when no attempt was opened at all (no slot, no login, account parked)
   */
  report(
    account: Account,
    report: StatusReport,
    attempt: { open: OpenAttempt; close: CloseAttempt },
    signal?: AbortSignal,
  ): Promise<ReportOutcome | 'superseded'>;
}

export type AccountCheck = {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  readonly fix?: string;
};

/** Credentials of the Open Platform as one call needs them. */
export type OpenPlatformCredentials = {
  readonly appKey: string;
  readonly appSecret: string;
  readonly accessToken: string;
  /** Null where nobody told it: the token is good until Lazada refuses it. */
  readonly accessTokenExpiresAt: Date | null;
  /** There is no refresh token, or it has ended. */
  readonly cannotBeRenewed?: true;
};
export type OpenPlatformTokens = {
  readonly accessToken: string;
  /** Empty: there is none. */
  readonly refreshToken: string;
  readonly accessTokenExpiresAt: Date;
  /** Null: it cannot be refreshed again. */
  readonly refreshTokenExpiresAt: Date | null;
};
/** The first tokens of a consent, and for which shop they are. */
export type ConsentTokens = OpenPlatformTokens & { readonly shop: ConsentedShop };
export type ConsentCode = { readonly appKey: string; readonly appSecret: string; readonly code: string };
export type ConsentOutcome =
  | { readonly ok: true; readonly made: ConsentTokens }
  | { readonly ok: false; readonly failure: Failure };

/** What sellers came back with from the consent page. */
export interface Consents {
  /**
   * Exchanges the code that lies in the account's row, while nobody else renews its tokens: stores what came of it and
   * un-parks the account, or nothing. Whatever comes of it the code is forgotten. Null: there is none.
   */
  exchange(accountId: string, ask: (code: ConsentCode) => Promise<ConsentTokens>): Promise<ConsentOutcome | null>;
}

export type SofLogin = { readonly username: string; readonly password: string };
export type SofToken = { readonly token: string; readonly expiresAt: Date };

export type RenewOptions = { readonly early?: boolean };

/**
 * An account's credentials, decrypted, and the one way to renew them. All renewals of one account are one at a time over
 * all processes: whoever comes second gets what the first found, or the failure that parked the account.
 */
export interface Tokens {
  openPlatform(accountId: string): Promise<OpenPlatformCredentials>;
  /**
   * Called with the token that was refused; calls `refresh` only where that token is still the stored one. `early`: with
   * one that nobody refused and that ends soon. As long as it is good, a refresh token that is refused or missing parks
   * nothing, and the failure says that the account `stillWorks`.
   */
  renewOpenPlatform(
    accountId: string,
    old: string,
    refresh: (login: { appKey: string; appSecret: string; refreshToken: string }) => Promise<OpenPlatformTokens>,
    options?: RenewOptions,
  ): Promise<OpenPlatformCredentials>;
  /**
   * The account's SOF token; where none is stored that lasts longer than a call may wait for its slot (of a short-lived
   * one: than a tenth of its life), or the stored one is `refused`, `login` makes a new one, stored encrypted.
   */
  sof(accountId: string, login: (login: SofLogin) => Promise<SofToken>, refused?: string): Promise<string>;
}

/** The APIs of the marketplace, whose rates are each account's own. */
export type MarketplaceApi = 'sofp' | 'lazada';

/** One rate per account and outside API, over all processes together. Of a carrier, whose key is ours: one for all. */
export type LimitKey = {
  readonly api: MarketplaceApi | 'carrier';
  /** Of a carrier, its name. */
  readonly accountId: string;
  /** The app that the account's calls are signed with: a pause of the app holds up all accounts that name it. */
  readonly appKey?: string;
};

export type SlotWish = {
  /** A slot that comes later is not waited for. */
  readonly longestMs?: number;
  /** All other calls of the account wait for this one: it waits also where no more may. */
  readonly urgent?: true;
};

export interface Limiter {
  /**
   * Resolves when this call's slot has come; rejects with the signal's reason where that is aborted.
   * @throws Failure `rate-limited` where it would come too late, with code `paused` where the account or its app is paused,
   *   and `no_hand` where too many calls wait already; its `waitMs` is the caller's own
   */
  take(key: LimitKey, signal?: AbortSignal, wish?: SlotWish): Promise<void>;
  /** Nobody calls this account, or any account of this app, for so long, an hour at most. Never throws. */
  pause(key: LimitKey, ms: number, whom?: 'account' | 'app'): Promise<void>;
  /**
   * Tells how a call ended: ten `failed` in a row pause the account for 5, 10, 20, 60 s, one call probing.
   * Never throws: a call that is done must not fail because this could not be told.
   */
  report(key: LimitKey, outcome: 'ok' | 'failed'): Promise<void>;
}

/** Whoever brings the parcels, where he can be asked how they stand. */
export interface Carrier {
  /** As packages name it, in small letters. */
  readonly name: string;
  /** As people write it. */
  readonly title: string;
  /**
   * What it knows of a parcel's number; none: it does not know it (yet). One call.
   * @throws Failure `rate-limited` where it was asked too often (without `waitMs` where it names no time), `misconfigured`
   *   where it refuses whoever asks, which is no account's fault, `rejected` where it will never take this number
   */
  track(number: string, signal?: AbortSignal): Promise<readonly CarrierShipment[]>;
  close(): void;
}

export type FileBytes = { readonly bytes: Buffer; readonly sha256: string };
/** A file that is kept elsewhere until its turn has come: what waits for the target does not lie in memory. */
export type StoredFile = { readonly path: string; readonly read: () => Promise<FileBytes> };

export interface InvoiceTarget {
  /**
   * Puts the file there under `path`, or under the first free name of `alternatives` where another file lies at `path`.
   * A file with the same content counts as put. Answers the path it has now. Never overwrites.
   */
  put(file: StoredFile, alternatives: (n: number) => string, signal?: AbortSignal): Promise<{ path: string }>;
  close(): Promise<void>;
}

export type RenderedInvoice =
  /** `source` is what the marketplace sent, or what its pointer led to. */
  | { readonly pdf: Buffer; readonly source: Buffer; readonly sourceMime: string }
  /** A web page, and there is no renderer that could draw it: `failure` says so. */
  | { readonly pdf: null; readonly source: Buffer; readonly sourceMime: string; readonly failure: Failure };

export type JoinedFile = { readonly bytes: Buffer; readonly mime: 'application/pdf' | 'text/html' };

export interface PdfRenderer {
  /**
   * A PDF with at least one page, or a `Failure`: `rejected` with code `unsupported` or `render_failed`. A page that could be
   * drawn if there were a renderer comes back without a PDF. However many of an account's wait, others' are not kept waiting:
   * of two places it has one.
   */
  toPdf(source: InvoiceSource, signal?: AbortSignal, accountId?: string): Promise<RenderedInvoice>;
  /** Pieces of one document as one file, of PDFs or of web pages, as they came. @throws Failure where they are neither */
  join(pieces: readonly InvoiceSource[], signal?: AbortSignal): Promise<JoinedFile>;
  close(): Promise<void>;
}

/** An order as it was at `now` by the database's clock; every rule takes that `now`, no host's own. */
export type Loaded = { readonly order: Order; readonly now: Date };

/** A rule that turns an order into another one; null: there is nothing to write. Pure: it may run on a fresh copy again. */
export type Decide = (order: Order, now: Date) => Change | null;
export type Changed = { readonly order: Order; readonly plan: Plan; readonly now: Date };

/** The orders' rows. */
export interface Orders {
  /** Null: there is no such order (any more). Loads of one moment are gathered into one statement. */
  load(orderId: string): Promise<Loaded | null>;
  /**
   * Locks the order's rows, reads them again, lets `decide` turn them into what they shall be, writes the difference
   * with its events, the summary and the time of the next look, all in one transaction. Changes of one moment
   * share a transaction. `busy`: somebody else holds the order, try again soon; `gone`: it does not exist.
   */
  change(orderId: string, decide: Decide): Promise<Changed | 'busy' | 'gone'>;
  /**
   * Writes down that an attempt was accepted, without the order's rows, which somebody may hold for long: from then on
   * nobody sends the status again, and whoever changes the order next takes it over. Nothing where it was sent again since.
   */
  noteAccepted(attemptId: string, outcome: ReportOutcome): Promise<void>;
}

export interface Accounts {
  /** Stops the account: one event, its steps wait. Nothing where it is parked already. */
  park(accountId: string, to: { status: ParkedStatus; reason: string }): Promise<void>;
}
