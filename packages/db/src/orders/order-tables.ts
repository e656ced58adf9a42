/** The tables of an order's parts, each as what the rules call its fields and what the database calls them. */
import type { Attempt, DocumentFacts, Order, Package, PackageView, StepRow } from '@lazada-sof/orders';
import type { Column, SqlType } from '../sql/bulk.ts';
import { wordsToKeep } from '../sql/words.ts';

/** A part together with the order to which it belongs. */
export type Of<Part> = Part & { readonly orderId: string };

type Fields<Part> = { readonly [Property in keyof Part]-?: readonly [column: string, type: SqlType] };

const PACKAGE_FIELDS: Fields<Omit<Package, 'id' | 'packageId'>> = {
  trackingNumber: ['tracking_number', 'text'],
  shipmentProvider: ['shipment_provider', 'text'],
  state: ['state', 'text'],
  carrier: ['carrier', 'text'],
  carrierTrackingNumber: ['carrier_tracking_number', 'text'],
  readyToShipAt: ['ready_to_ship_at', 'timestamptz'],
  shippedAt: ['shipped_at', 'timestamptz'],
  shippedSentAt: ['shipped_sent_at', 'timestamptz'],
  deliveredAt: ['delivered_at', 'timestamptz'],
  deliveredSentAt: ['delivered_sent_at', 'timestamptz'],
  notDeliveredAt: ['not_delivered_at', 'timestamptz'],
  notDeliveredSentAt: ['not_delivered_sent_at', 'timestamptz'],
  confirmedAt: ['confirmed_at', 'timestamptz'],
};
const PACKAGE_IDENTITY: Fields<Pick<Of<Package>, 'orderId' | 'packageId'>> = {
  orderId: ['order_id', 'bigint'],
  packageId: ['package_id', 'text'],
};

const STEP_FIELDS: Fields<Omit<StepRow, 'step' | 'ref'>> = {
  dueAt: ['due_at', 'timestamptz'],
  since: ['since', 'timestamptz'],
  tries: ['tries', 'int'],
  blocked: ['blocked', 'boolean'],
  errorCode: ['error_code', 'text'],
  error: ['error', 'text'],
};
const STEP_KEY: Fields<Pick<Of<StepRow>, 'orderId' | 'step' | 'ref'>> = {
  orderId: ['order_id', 'bigint'],
  step: ['step', 'text'],
  ref: ['ref', 'text'],
};

const ATTEMPT_FIELDS: Fields<Pick<Attempt, 'outcome' | 'closedAt' | 'httpStatus' | 'answer' | 'requestId'>> = {
  outcome: ['outcome', 'text'],
  closedAt: ['closed_at', 'timestamptz'],
  httpStatus: ['http_status', 'int'],
  answer: ['answer', 'text'],
  requestId: ['request_id', 'text'],
};
const ATTEMPT_IDENTITY: Fields<
  Pick<Of<Attempt>, 'orderId' | 'packageRowId' | 'trackingNumber' | 'status' | 'occurredAt' | 'startedAt'>
> = {
  orderId: ['order_id', 'bigint'],
  packageRowId: ['package_id', 'bigint'],
  trackingNumber: ['tracking_number', 'text'],
  status: ['status', 'text'],
  occurredAt: ['occurred_at', 'timestamptz'],
  startedAt: ['started_at', 'timestamptz'],
};

const DOCUMENT_FIELDS: Fields<Pick<DocumentFacts, 'path' | 'uploadedAt' | 'recheckAt' | 'waitsForRenderer'>> = {
  path: ['path', 'text'],
  uploadedAt: ['uploaded_at', 'timestamptz'],
  recheckAt: ['recheck_at', 'timestamptz'],
  waitsForRenderer: ['waits_for_renderer', 'boolean'],
};

/** How each table is read. Of documents everything but their bytes. */
export const READ_PARTS = {
  packages: reading('order_lazada_package', { id: 'id', ...namesOf(PACKAGE_IDENTITY), ...namesOf(PACKAGE_FIELDS) }),
  steps: reading('order_lazada_step', { ...namesOf(STEP_KEY), ...namesOf(STEP_FIELDS) }, 'step, p.ref'),
  attempts: reading('order_lazada_attempt', {
    attemptId: 'id',
    ...namesOf(ATTEMPT_IDENTITY),
    ...namesOf(ATTEMPT_FIELDS),
  }),
  documents: reading('order_lazada_document', {
    documentId: 'id',
    orderId: 'order_id',
    docType: 'doc_type',
    part: 'part',
    revision: 'revision',
    orderItemIds: 'order_item_ids',
    sourceSha256: 'source_sha256',
    hasPdf: 'pdf_sha256 is not null',
    removedAt: 'removed_at',
    createdAt: 'created_at',
    ...namesOf(DOCUMENT_FIELDS),
  }),
};

export const PACKAGES = {
  table: 'public.order_lazada_package',
  key: [column<Of<Package>>('id', ['id', 'bigint'])],
  identity: columnsOf<Of<Package>>(PACKAGE_IDENTITY),
  columns: columnsOf<Of<Package>>(PACKAGE_FIELDS),
};
export const STEPS = {
  table: 'public.order_lazada_step',
  key: columnsOf<Of<StepRow>>(STEP_KEY),
  columns: columnsOf<Of<StepRow>>(STEP_FIELDS).map(keepingWords('error')),
};
export const ATTEMPTS = {
  table: 'public.order_lazada_attempt',
  key: [column<Of<Attempt>>('attemptId', ['id', 'bigint'])],
  identity: columnsOf<Of<Attempt>>(ATTEMPT_IDENTITY),
  columns: columnsOf<Of<Attempt>>(ATTEMPT_FIELDS).map(keepingWords('answer')),
};
export const DOCUMENTS = {
  table: 'public.order_lazada_document',
  key: [column<Of<DocumentFacts>>('documentId', ['id', 'bigint'])],
  columns: columnsOf<Of<DocumentFacts>>(DOCUMENT_FIELDS),
};

const ORDER_KEY: Column<Order> = { name: 'order_id', type: 'bigint', of: ({ orderId }) => orderId };
const flag = (set: boolean) => (set ? 1 : 0);

/** What doors say of the whole order, on the host's row and on ours. */
export type SaidOfHost = Pick<Order, 'updateShipping' | 'toolStatus'>;
export const SAID_OF_HOST: Column<SaidOfHost>[] = [
  { name: 'update_shipping', type: 'smallint', of: ({ updateShipping }) => flag(updateShipping) },
  { name: 'tool_status', type: 'text', of: ({ toolStatus }) => toolStatus },
];
export type Said = Pick<Order, 'delivered' | 'notDelivered' | 'shippedAt' | 'carrier' | 'carrierTrackingNumber'>;
export const SAID: Column<Said>[] = [
  { name: 'update_delivered', type: 'smallint', of: ({ delivered }) => flag(delivered.flag) },
  { name: 'delivered_at', type: 'timestamptz', of: ({ delivered }) => delivered.at },
  { name: 'delivered_sent_at', type: 'timestamptz', of: ({ delivered }) => delivered.sentAt },
  { name: 'update_not_delivered', type: 'smallint', of: ({ notDelivered }) => flag(notDelivered.flag) },
  { name: 'not_delivered_at', type: 'timestamptz', of: ({ notDelivered }) => notDelivered.at },
  { name: 'not_delivered_sent_at', type: 'timestamptz', of: ({ notDelivered }) => notDelivered.sentAt },
  { name: 'not_delivered_reason', type: 'text', of: ({ notDelivered }) => notDelivered.reason },
  { name: 'not_delivered_released_at', type: 'timestamptz', of: ({ notDelivered }) => notDelivered.releasedAt },
  { name: 'shipped_at', type: 'timestamptz', of: ({ shippedAt }) => shippedAt },
  { name: 'carrier', type: 'text', of: ({ carrier }) => carrier },
  { name: 'carrier_tracking_number', type: 'text', of: ({ carrierTrackingNumber }) => carrierTrackingNumber },
];
/** What doors say of a package. */
const { carrier, carrierTrackingNumber, shippedAt, deliveredAt, notDeliveredAt } = PACKAGE_FIELDS;
export const SAID_OF_PACKAGE = columnsOf<PackageView>({
  ...{ carrier, carrierTrackingNumber, shippedAt, deliveredAt, notDeliveredAt },
});

/** The columns of the host's order that we write. */
export const HOST_ORDER: { table: string; key: Column<Order>[]; columns: Column<Order>[] } = {
  table: 'public.orders',
  key: [{ ...ORDER_KEY, name: 'id' }],
  columns: [...SAID_OF_HOST, { name: 'tracking_number', type: 'text', of: ({ trackingNumber }) => trackingNumber }],
};

export const LAZADA: { table: string; key: Column<Order>[]; columns: Column<Order>[] } = {
  table: 'public.order_lazada',
  key: [ORDER_KEY],
  columns: [
    ...SAID,
    { name: 'items', type: 'jsonb', of: ({ items }) => items },
    { name: 'ship_by', type: 'timestamptz', of: ({ shipBy }) => shipBy },
    { name: 'items_read_at', type: 'timestamptz', of: ({ itemsReadAt }) => itemsReadAt },
    { name: 'status', type: 'text', of: ({ summary }) => summary.status },
    { name: 'hold_reason', type: 'text', of: ({ summary }) => summary.holdReason },
    { name: 'blocked_step', type: 'text', of: ({ summary }) => summary.blockedStep },
    { name: 'last_error_code', type: 'text', of: ({ summary }) => summary.lastErrorCode },
    { name: 'last_error', type: 'text', of: ({ summary }) => wordsToKeep(summary.lastError) },
    { name: 'confirmed_at', type: 'timestamptz', of: ({ summary }) => summary.confirmedAt },
    { name: 'invoice_status', type: 'text', of: ({ summary }) => summary.invoiceStatus },
    { name: 'next_attempt_at', type: 'timestamptz', of: ({ nextAttemptAt }) => nextAttemptAt },
  ],
};

function column<Row extends object>(property: keyof Row, [name, type]: readonly [string, SqlType]): Column<Row> {
  return { name, type, of: (row) => row[property] };
}
/** The column of that name holds what others said. */
function keepingWords(name: string) {
  return <Row>(column: Column<Row>): Column<Row> => {
    const of = (row: Row) => {
      const value = column.of(row);
      return typeof value === 'string' ? wordsToKeep(value) : value;
    };
    return column.name === name ? { ...column, of } : column;
  };
}
function columnsOf<Row extends object>(fields: { readonly [Property in keyof Row]?: readonly [string, SqlType] }) {
  return Object.entries(fields).map(([property, field]) =>
    column<Row>(property as keyof Row, field as readonly [string, SqlType]),
  );
}
function namesOf(fields: Readonly<Record<string, readonly [string, SqlType]>>): Record<string, string> {
  return Object.fromEntries(Object.entries(fields).map(([property, [name]]) => [property, name]));
}
/** The rows that belong to the orders `whose`, which is an array in SQL. */
function reading(table: string, fields: Record<string, string>, order = 'id') {
  const columns = Object.entries(fields).map(([property, name]) => `p.${name} as "${property}"`);
  return (whose: string) =>
    `select ${columns.join(', ')} from public.${table} p where p.order_id = any (${whose}) order by p.${order}`;
}
