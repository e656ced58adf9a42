/**
 * Writes what changed of many orders, one statement per table and kind of change. Only new rows' ids are waited for; the other
 * statements leave with the commit.
 */
import { createHash } from 'node:crypto';
import {
  type Attempt,
  type Change,
  type Committed,
  type DocumentFacts,
  type DrawnDocument,
  indexDaysTouched,
  manifestDaysTouched,
  type NewDocument,
  type Order,
  type OrderEvent,
  type Package,
  type StepRow,
} from '@lazada-sof/orders';
import { markIndexes, markManifests } from '../days/day-marks.ts';
import {
  type Column,
  deletion,
  differ,
  type Insert,
  insertion,
  insertRows,
  type RowChange,
  type Statement,
  update,
} from '../sql/bulk.ts';
import type { Queryable } from '../sql/pool.ts';
import type { Transaction } from '../sql/transaction.ts';
import { eventToKeep } from '../sql/words.ts';
import { ATTEMPTS, DOCUMENTS, HOST_ORDER, LAZADA, type Of, PACKAGES, STEPS } from './order-tables.ts';
import { byRequest, type RequestEvents, type EventRow as WrittenEvent } from './request-events.ts';

/** An order that a rule has turned into another one. Null: it had nothing to write. */
export type Draft = { readonly before: Order; readonly change: Change | null };
/** The same as it is to be stored; of `change` only its parts are written yet. */
export type Stored = Draft & Committed;

/** Writes the packages, attempts and documents that were changed. The drafts come back with their new rows' ids. */
export async function writeNumberedParts(client: Transaction, drafts: readonly Draft[]): Promise<Draft[]> {
  const packed = await writePackages(client, drafts);
  const attempted = await writeAttempts(client, packed);
  return writeDocuments(client, attempted);
}

/**
 * Sends everything else: packages that the rules went on to change, steps, the host's columns, the order's own row, events.
 * Answers, once it is committed, the events of requests.
 */
export function sendRest(
  client: Transaction,
  stored: readonly Stored[],
  { source, now }: { readonly source: string; readonly now: Date },
): Promise<RequestEvents> {
  const settled = stored.map(({ change, before, order }) => ({ before: change?.order ?? before, after: order }));
  send(client, update(PACKAGES, changesOf(settled, PARTS.packages).changed));
  sendSteps(client, stored);
  const { hosts = [], ours = [] } = Object.groupBy(stored, ({ before, order }) =>
    differ(HOST_ORDER.columns, before, order) ? 'hosts' : 'ours',
  );
  const changed = ours.filter(({ before, order }) => differ(LAZADA.columns, before, order));
  send(client, update(HOST_ORDER, hosts.map(rowChange)));
  send(client, update(LAZADA, [...hosts.map(afterTrigger), ...changed.map(rowChange)]));
  const written = sendEvents(client, stored, source);
  send(client, markIndexes(marksOf(stored, now, indexDaysTouched)));
  send(client, markManifests(marksOf(stored, now, manifestDaysTouched)));
  return written;
}

const marksOf = (stored: readonly Stored[], now: Date, touched: typeof indexDaysTouched) =>
  stored.flatMap(({ before, order }) =>
    touched(before, order, now).map((day) => ({ accountId: order.account.accountId, day })),
  );

const send = (client: Transaction, statement: Statement): void => {
  if (statement) client.send(statement.text, statement.values);
};

const rowChange = ({ before, order }: Stored): RowChange<Order> => ({ was: before, is: order });

/** The trigger of the host's row has said "due now" meanwhile: the time is written after it, whatever it was before. */
const afterTrigger = ({ before, order }: Stored): RowChange<Order> => ({
  was: { ...before, nextAttemptAt: ANY_OTHER_TIME },
  is: order,
});
/** Nobody looks at an order then, so it differs from whatever is written. */
const ANY_OTHER_TIME = new Date(0);

/** An order as it was written last, and as it is to be. */
type Difference = { readonly before: Order; readonly after: Order };
const differencesOf = (drafts: readonly Draft[]): Difference[] =>
  drafts.flatMap(({ before, change }) => (change ? [{ before, after: change.order }] : []));

/** How the parts of one kind are found in an order and told apart. */
type Part<Row extends object> = {
  readonly of: (order: Order) => readonly Row[];
  readonly identify: (row: Row) => string;
  readonly columns: readonly Column<Of<Row>>[];
};
const PARTS = {
  packages: { of: ({ packages }: Order) => packages, identify: ({ id }: Package) => id, columns: PACKAGES.columns },
  attempts: {
    of: ({ attempts }: Order) => attempts,
    identify: (one: Attempt) => one.attemptId,
    columns: ATTEMPTS.columns,
  },
  documents: {
    of: ({ documents }: Order) => documents,
    identify: (one: DocumentFacts) => one.documentId,
    columns: DOCUMENTS.columns,
  },
  steps: {
    of: ({ steps }: Order) => steps,
    identify: ({ step, ref }: StepRow) => `${step} ${ref}`,
    columns: STEPS.columns,
  },
};

type PartChanges<Row> = {
  readonly added: readonly Of<Row>[];
  readonly changed: readonly RowChange<Of<Row>>[];
  readonly gone: readonly Of<Row>[];
};

/** Which parts of these orders are new, which are not what they were, and which are no more. */
function changesOf<Row extends object>(differences: readonly Difference[], part: Part<Row>): PartChanges<Row> {
  const added: Of<Row>[] = [];
  const changed: RowChange<Of<Row>>[] = [];
  const gone: Of<Row>[] = [];
  for (const { before, after } of differences) {
    const [olds, news] = [part.of(before), part.of(after)];
    if (olds === news) continue;
    const { orderId } = after;
    const left = new Map(olds.map((row) => [part.identify(row), row]));
    for (const row of news) {
      const was = left.get(part.identify(row));
      left.delete(part.identify(row));
      const is = { ...row, orderId };
      if (was === undefined) added.push(is);
      else if (was !== row && differ(part.columns, { ...was, orderId }, is))
        changed.push({ was: { ...was, orderId }, is });
    }
    for (const row of left.values()) gone.push({ ...row, orderId });
  }
  return { added, changed, gone };
}

async function writePackages(client: Transaction, drafts: readonly Draft[]): Promise<Draft[]> {
  const { added, changed } = changesOf(differencesOf(drafts), PARTS.packages);
  send(client, update(PACKAGES, changed));
  if (added.length === 0) return [...drafts];
  const rows = await insertRows<Of<Package>, { id: string; order_id: string; package_id: string }>(
    client,
    {
      table: PACKAGES.table,
      columns: [...PACKAGES.identity, ...PACKAGES.columns],
      returning: 'returning id, order_id, package_id',
    },
    added,
  );
  const ids = new Map(rows.map((row) => [`${row.order_id} ${row.package_id}`, row.id]));
  const numbered = (order: Order, parcel: Package): Package =>
    parcel.id ? parcel : { ...parcel, id: ids.get(`${order.orderId} ${parcel.packageId}`) ?? '' };
  return drafts.map((draft) =>
    withChanged(draft, (order) => ({ packages: order.packages.map((parcel) => numbered(order, parcel)) })),
  );
}

async function writeAttempts(client: Transaction, drafts: readonly Draft[]): Promise<Draft[]> {
  const { added, changed } = changesOf(differencesOf(drafts), PARTS.attempts);
  // Closing comes first: a slot that this very change frees is free for its new attempt.
  send(client, update(ATTEMPTS, changed));
  if (added.length === 0) return [...drafts];
  const ids = await beginAttempts(client, added);
  return drafts.map((draft) => withAttempts(draft, ids));
}

/** The ids of the attempts that got their slot; the database gives each slot once, whatever was planned. */
async function beginAttempts(client: Queryable, attempts: readonly Of<Attempt>[]): Promise<Map<string, string>> {
  const rows = await insertRows<
    Of<Attempt>,
    { id: string; package_id: string; tracking_number: string; status: string }
  >(
    client,
    {
      table: ATTEMPTS.table,
      columns: [...ATTEMPTS.identity, ...ATTEMPTS.columns],
      conflict: `on conflict (package_id, tracking_number, (status = 'shipped'))
                 where outcome in ('sending', 'unknown', 'accepted') do nothing`,
      returning: 'returning id, package_id, tracking_number, status',
    },
    attempts,
  );
  return new Map(rows.map((row) => [`${row.package_id} ${row.tracking_number} ${row.status}`, row.id]));
}

/** Attempts that lost their slot were never made, and nothing is told of them. */
function withAttempts({ before, change }: Draft, ids: ReadonlyMap<string, string>): Draft {
  if (!change) return { before, change };
  const { order, events } = change;
  const idOf = ({ attemptId, packageRowId, trackingNumber, status }: Attempt) =>
    attemptId || ids.get(`${packageRowId} ${trackingNumber} ${status}`);
  const attempts = order.attempts.flatMap((attempt) => {
    const attemptId = idOf(attempt);
    return attemptId ? [{ ...attempt, attemptId }] : [];
  });
  const lost = new Set(order.attempts.filter((attempt) => !idOf(attempt)).map((one) => one.packageRowId));
  const happened = ({ kind, packageId }: OrderEvent) =>
    kind !== 'status_sent' || !order.packages.some((one) => one.packageId === packageId && lost.has(one.id));
  return { before, change: { ...change, order: { ...order, attempts }, events: events.filter(happened) } };
}

async function writeDocuments(client: Transaction, drafts: readonly Draft[]): Promise<Draft[]> {
  send(client, update(DOCUMENTS, changesOf(differencesOf(drafts), PARTS.documents).changed));
  const written: Draft[] = [];
  for (const draft of drafts) written.push(drawDocuments(client, await addDocuments(client, draft)));
  return written;
}

/** The bytes of documents that had none; what else is known of them is written with the order. */
function drawDocuments(client: Transaction, draft: Draft): Draft {
  const drawn = new Map((draft.change?.drawnDocuments ?? []).map((one) => [one.documentId, drawDocument(client, one)]));
  if (drawn.size === 0) return draft;
  return withChanged(draft, ({ documents }) => ({
    documents: documents.map((one) => ({ ...one, sourceSha256: drawn.get(one.documentId) ?? one.sourceSha256 })),
  }));
}

/** What says that its bytes were removed, a trigger takes back. */
function drawDocument(client: Transaction, { documentId, source, sourceMime, pdf }: DrawnDocument): string {
  const sourceSha256 = sha256(source);
  client.send(
    `update public.order_lazada_document
        set source = $2, source_mime = $3, source_sha256 = $4, pdf = $5, pdf_sha256 = $6
      where id = $1 and pdf is null`,
    [documentId, source, sourceMime, sourceSha256, pdf, sha256(pdf)],
  );
  return sourceSha256;
}

/** One statement each: they are large and rare. */
async function addDocuments(client: Queryable, draft: Draft): Promise<Draft> {
  const added: DocumentFacts[] = [];
  for (const document of draft.change?.newDocuments ?? [])
    added.push(await addDocument(client, draft.before.orderId, document));
  return added.length === 0 ? draft : withChanged(draft, ({ documents }) => ({ documents: [...documents, ...added] }));
}

async function addDocument(client: Queryable, orderId: string, document: NewDocument): Promise<DocumentFacts> {
  const { docType, part, revision, orderItemIds, source, sourceMime, pdf, path, recheckAt } = document;
  const sourceSha256 = sha256(source);
  const waitsForRenderer = pdf === null;
  const { rows } = await client.query<{ documentId: string; createdAt: Date }>(
    `insert into public.order_lazada_document (order_id, doc_type, part, revision, order_item_ids, source, source_mime,
            source_sha256, pdf, pdf_sha256, path, recheck_at, waits_for_renderer)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) returning id as "documentId", created_at as "createdAt"`,
    [
      orderId,
      docType,
      part,
      revision,
      JSON.stringify(orderItemIds),
      source,
      sourceMime,
      sourceSha256,
      pdf,
      pdf && sha256(pdf),
      path,
      recheckAt,
      waitsForRenderer,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error(`document ${docType} part ${part} of order ${orderId} was not written`);
  const facts = { docType, part, revision, orderItemIds, sourceSha256, path, recheckAt, waitsForRenderer };
  return { ...row, ...facts, hasPdf: pdf !== null, removedAt: null, uploadedAt: null };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

function sendSteps(client: Transaction, stored: readonly Stored[]): void {
  const differences = stored.map(({ before, order }) => ({ before, after: order }));
  const { added, changed, gone } = changesOf(differences, PARTS.steps);
  const updates = STEPS.columns.map(({ name }) => `${name} = excluded.${name}`).join(', ');
  const upsert = {
    table: STEPS.table,
    columns: [...STEPS.key, ...STEPS.columns],
    conflict: `on conflict (order_id, step, ref) do update set ${updates}`,
  };
  send(client, deletion(STEPS, gone));
  send(client, insertion(upsert, [...added, ...changed.map(({ is }) => is)]));
}

export type EventRow = { orderId: string; packageRowId: string | null; event: OrderEvent };

/** Answered with the commit: nobody waits for it before. */
function sendEvents(client: Transaction, stored: readonly Stored[], source: string): Promise<RequestEvents> {
  const rows = stored.flatMap(({ order, events }) => events.map((event) => eventRow(order, event)));
  const insert = insertion(eventInsert(source), rows);
  if (!insert || !rows.some(({ event }) => event.data?.requestId !== undefined)) {
    send(client, insert);
    return Promise.resolve(byRequest([]));
  }
  const written = client
    .query<WrittenEvent>(`${insert.text} ${WRITTEN}`, insert.values)
    .then(({ rows }) => byRequest(rows));
  // Whoever wants them hears of it; where the commit fails nobody does.
  written.catch(() => undefined);
  return written;
}

const WRITTEN = `returning order_id::text as "orderId", data ->> 'requestId' as "requestId", id::text as "eventId", data -> 'sent' as sent, data ->> 'saying' as saying`;

export const eventInsert = (source: string): Insert<EventRow> => ({
  table: 'public.order_lazada_event',
  columns: [
    { name: 'order_id', type: 'bigint', of: ({ orderId }) => orderId },
    { name: 'package_id', type: 'bigint', of: ({ packageRowId }) => packageRowId },
    { name: 'kind', type: 'text', of: ({ event }) => event.kind },
    { name: 'source', type: 'text', of: () => source },
    { name: 'data', type: 'jsonb', of: ({ event }) => dataOf(event) },
    { name: 'request_id', type: 'text', of: ({ event }) => event.requestId ?? null },
  ],
});

function eventRow(order: Order, event: OrderEvent): EventRow {
  const parcel = order.packages.find(({ packageId }) => packageId === event.packageId);
  return { orderId: order.orderId, packageRowId: parcel?.id ?? null, event };
}
/** The timeline shows Lazada's id; the column holds ours. */
const dataOf = ({ packageId, data }: OrderEvent) =>
  eventToKeep({ ...data, ...(packageId === undefined ? {} : { packageId }) });

/** The draft with other fields of what it was changed to. */
const withChanged = (draft: Draft, fields: (order: Order) => Partial<Order>): Draft => {
  const { change } = draft;
  return change ? { ...draft, change: { ...change, order: { ...change.order, ...fields(change.order) } } } : draft;
};
