/** What the simulator knows, as plain data, so that it can be saved and shown as it is. Times are epoch milliseconds. */
import type { ItemStatus } from './state-machine.ts';

export const COUNTRIES = ['SG', 'MY', 'TH', 'VN', 'PH', 'ID'] as const;
export type Country = (typeof COUNTRIES)[number];
export type SofStatus = 'shipped' | 'delivered' | 'not_delivered';

/** `revoked`: ended by a control call, so that its refusal is one that was asked for. */
export type Token = { value: string; expiresAt: number; spent: boolean; revoked: boolean };

export type Account = {
  readonly sellerId: string;
  name: string;
  country: Country;
  appKey: string;
  appSecret: string;
  sofUsername: string;
  sofPassword: string;
  /** How long tokens made from now on live. */
  lifetimes: { accessSeconds: number; refreshSeconds: number; sofSeconds: number };
  /** True: a refresh ends the access tokens before it. Lazada does not say whether it does. */
  refreshEndsAccess: boolean;
  allocateType: 'TFS' | 'NTFS';
  providers: { name: string; code: string }[];
  /** True: the retired calls (`/order/pack`, `/order/rts`, `/order/sof/…`) still answer for this account. */
  retiredCalls: boolean;
  /** Countries in which the seller has a shop too: his consent is for all of them. */
  alsoIn?: Country[];
  accessTokens: Token[];
  refreshTokens: Token[];
  sofTokens: Token[];
  codes: Token[];
};

/** A status an item had, and from when on a reader sees it. */
export type StatusChange = { status: ItemStatus; at: number; visibleAt: number; by: string };

export type Item = {
  readonly orderItemId: string;
  name: string;
  sku: string;
  price: number;
  isDigital: boolean;
  isSof: boolean;
  isFbl: boolean;
  isCancelPending: boolean;
  needCancelConfirm: boolean;
  shipmentProvider: string;
  packageId: string | null;
  status: ItemStatus;
  history: StatusChange[];
};

export type Accepted = {
  status: SofStatus;
  via: 'sof' | 'lazada';
  /** The time that was reported, as it was sent; null for the Open Platform, which is told none. */
  timestamp: string | null;
  at: number;
  duplicate: boolean;
};

export type Package = {
  readonly packageId: string;
  readonly orderId: string;
  trackingNumber: string;
  /** From when on Lazada tells the number. */
  trackingVisibleAt: number;
  /** From when on the SOF module knows the number. */
  sofKnownAt: number;
  /** Replaced by another package after a repack. */
  replaced: boolean;
  accepted: Accepted[];
};

export const INVOICE_KINDS = ['pdf', 'html', 'iframe', 'masked', 'raw'] as const;
export type InvoiceScript = {
  kind: (typeof INVOICE_KINDS)[number];
  language: 'en' | 'th' | 'vi';
  /** Seconds after ready to ship before Lazada has one; until then error 30012. */
  readyAfterSeconds: number;
  revision: number;
  /** `iframe`: points there instead of at a PDF of this server. */
  link: string | null;
  /** `html`: it shows a picture whose address is signed anew in each answer. */
  signedPicture?: boolean;
  /** `raw`: exactly this goes out as the document's file and type. */
  file: string;
  mime: string;
};

/** An element of a batch call that is refused, or left out of the answer, so many times. */
export type ElementTrouble = {
  call: string;
  code: string;
  message: string;
  retry: boolean;
  missing: boolean;
  times: number;
};

export const DEADLINE_FORMS = ['iso', 'plain', 'epoch', 'missing', 'junk'] as const;
export type DeadlineForm = (typeof DEADLINE_FORMS)[number];

export type Buyer = { readonly name: string; readonly phone: string; readonly address: string };

/** What is peculiar about one order. */
export type OrderScript = {
  /** Seconds after Pack until Lazada tells the tracking number. */
  trackingAfterSeconds: number;
  /** Seconds after ready to ship during which the SOF module does not know the number yet. */
  sofKnowsAfterSeconds: number;
  /** Seconds until a reported status shows in the items; null: as long as for all orders. */
  visibleAfterSeconds: number | null;
  /** Statuses that are accepted and then never show. */
  swallow: SofStatus[];
  /** So many items of the order go into one package; null: all that are packed together. */
  itemsPerPackage: number | null;
  /** `sla_time_stamp`: so long after the order was created, and how it is written. */
  shipBy: { afterSeconds: number; form: DeadlineForm };
  /** Statuses that readers see under another name; absent: none. */
  shows?: { readonly [Status in ItemStatus]?: string };
  /** Whom the order names; absent: somebody masked, as Lazada mostly shows them. */
  buyer?: Partial<Buyer>;
  invoice: InvoiceScript;
  trouble: ElementTrouble[];
};

export type Order = {
  readonly orderId: string;
  readonly orderNumber: string;
  readonly sellerId: string;
  readonly createdAt: number;
  items: Item[];
  packages: Package[];
  script: OrderScript;
};

/** `perSecond` calls of one account in any sliding second, of one call or of all of one API. */
export type RateLimit = {
  call: string | null;
  account: string | null;
  perSecond: number;
  answer: 'ApiCallLimit' | 'SellerCallLimit' | 'AppCallLimit' | '429';
  banSeconds: number;
};

/** The carrier's manifest: in a form, or refused by this code, as Lazada does it for the seller's own fleet. */
export const MANIFEST_ANSWERS = ['pdf', 'html', '50008', '700040'] as const;
export type ManifestAnswer = (typeof MANIFEST_ANSWERS)[number];

/** What holds for all orders and accounts. */
export type Behaviour = {
  manifest: ManifestAnswer;
  /** Every answer of Lazada's APIs comes so much later; what was asked is done at once. */
  answerDelayMs: number;
  /** Seconds until a reported status shows in the items. */
  visibleAfterSeconds: number;
  limits: RateLimit[];
  /** `text`: numbers and booleans are texts and `code` is a number, as some of Lazada's answers have them. */
  dialect: 'plain' | 'text';
  /** The form of the dates in answers. */
  dates: 'plain' | 'iso' | 'epoch';
  /** Where the apps have registered to be pushed to; null: nowhere. */
  pushUrl: string | null;
};
