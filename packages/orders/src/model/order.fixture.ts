/** Orders for tests: an active account's, with nothing asked of it, and whatever the test says on top. */
import type { Account, Attempt, DocumentFacts, Item, Order, Package, StepRow } from './order.ts';
import { newPackage } from './packages.ts';
import type { MarketplaceItem } from './ports.ts';

export const T0 = new Date('2026-03-02T04:00:00Z');
export const after = (ms: number, from = T0): Date => new Date(from.getTime() + ms);

export const anAccount = (fields: Partial<Account> = {}): Account => ({
  accountId: '1',
  name: 'demo-sg',
  country: 'SG',
  timezone: 'Asia/Singapore',
  mistakes: [],
  enabled: true,
  status: 'active',
  statusReason: null,
  deliveryType: 'sof',
  sofDriver: 'sofp',
  sofRts: 'package',
  autoSendNotDelivered: false,
  shipmentProvider: null,
  invoicePathTemplate: null,
  ...fields,
});

export const anOrder = (fields: Partial<Order> = {}): Order => ({
  orderId: '5',
  orderNumber: '4001',
  account: anAccount(),
  createdAt: after(-3_600_000),
  toolStatus: null,
  updateShipping: false,
  trackingNumber: null,
  delivered: { flag: false, at: null, sentAt: null },
  notDelivered: { flag: false, at: null, sentAt: null, reason: null, releasedAt: null },
  shippedAt: null,
  carrier: null,
  carrierTrackingNumber: null,
  carriersAsked: [],
  items: null,
  itemsReadAt: null,
  shipBy: null,
  packages: [],
  steps: [],
  attempts: [],
  documents: [],
  summary: {
    status: 'new',
    holdReason: null,
    blockedStep: null,
    lastErrorCode: null,
    lastError: null,
    confirmedAt: null,
    invoiceStatus: 'none',
  },
  nextAttemptAt: null,
  ...fields,
});

export const anItem = (fields: Partial<Item> = {}): Item => ({
  orderItemId: '1',
  status: 'ready_to_ship',
  packageId: 'FP1',
  sof: true,
  digital: false,
  cancelPending: false,
  ...fields,
});

export const readItem = (fields: Partial<MarketplaceItem> = {}): MarketplaceItem => ({
  ...anItem(),
  trackingNumber: 'TN1',
  shipmentProvider: 'Seller Own Fleet',
  updatedAt: T0,
  shipBy: null,
  ...fields,
});

/** Ready to ship since T0, with its number. */
export const aPackage = (fields: Partial<Package> = {}): Package =>
  newPackage({
    id: '11',
    packageId: 'FP1',
    state: 'ready_to_ship',
    trackingNumber: 'TN1',
    readyToShipAt: T0,
    ...fields,
  });

export const aRow = (fields: Partial<StepRow> & Pick<StepRow, 'step'>): StepRow => ({
  ref: '',
  dueAt: null,
  since: T0,
  tries: 0,
  blocked: false,
  errorCode: null,
  error: null,
  ...fields,
});

/** The first revision of the invoice of item 1, uploaded. */
export const aDocument = (fields: Partial<DocumentFacts> = {}): DocumentFacts => ({
  documentId: '8',
  docType: 'invoice',
  part: 1,
  revision: 1,
  orderItemIds: ['1'],
  sourceSha256: 'a',
  hasPdf: true,
  removedAt: null,
  waitsForRenderer: false,
  path: 'SG/2026/03/INV_SG_demo-sg_4001.pdf',
  uploadedAt: T0,
  recheckAt: null,
  createdAt: T0,
  ...fields,
});

/** Delivered of `aPackage`, on its way since T0. */
export const anAttempt = (fields: Partial<Attempt> = {}): Attempt => ({
  attemptId: '7',
  packageRowId: '11',
  trackingNumber: 'TN1',
  status: 'delivered',
  occurredAt: T0,
  outcome: 'sending',
  startedAt: T0,
  closedAt: null,
  httpStatus: null,
  answer: null,
  requestId: null,
  ...fields,
});

/** The same, accepted. */
export const anAcceptedAttempt = (fields: Partial<Attempt> = {}): Attempt =>
  anAttempt({ outcome: 'accepted', closedAt: T0, httpStatus: 202, ...fields });
