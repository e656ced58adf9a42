/** Writes what changed of many orders, one statement per table and kind of change. */
import { createHash } from 'node:crypto';
import type {
  Attempt,
  Change,
  Committed,
  DocumentFacts,
  NewDocument,
  Order,
  OrderEvent,
  Package,
  StepRow,
} from '@lazada-sof/orders';
import { type Column, deleteRows, differ, insertRows, storableJson, updateRows } from '../sql/bulk.ts';
import type { Queryable } from '../sql/pool.ts';
import { ATTEMPTS, DOCUMENTS, HOST_ORDER, LAZADA, type Of, PACKAGES, STEPS } from './order-tables.ts';

/** An order that a rule has turned into another one. Null: it had nothing to write. */
export type Draft = { readonly before: Order; readonly change: Change | null };
/** The same as it is to be stored; of `change` only its parts are written yet. */
export type Stored = Draft & Committed;

/** Writes the packages, attempts and documents that were changed. The drafts come back with their new rows' ids. */
export async function writeNumberedParts(client: Queryable, drafts: readonly Draft[]): Promise<Draft[]> {
  const packed = await writePackages(client, drafts);
  const attempted = await writeAttempts(client, packed);
  return writeDocuments(client, attempted);
}

/** Writes everything else: packages that the rules went on to change, steps, the host's columns, the order's own row, events. */
export async function writeRest(client: Queryable, stored: readonly Stored[], source: string): Promise<void> {
  await updatePackages(
    client,
    stored.map(({ change, before, order }) => ({ before: change?.order ?? before, after: order })),
  );
  await writeSteps(client, stored);
  const changed = (table: { columns: readonly Column<Order>[] }) =>
    stored.filter(({ before, order }) => differ(table.columns, before, order)).map(({ order }) => order);
  await updateRows(client, HOST_ORDER, changed(HOST_ORDER));
  // After the host's order: its trigger says "due now", and this row says what is true.
  await updateRows(client, LAZADA, changed(LAZADA));
  await writeEvents(client, stored, source);
}

/** An order as it was written last, and as it is to be. */
type Difference = { readonly before: Order; readonly after: Order };
const differencesOf = (drafts: readonly Draft[]): Difference[] =>
  drafts.flatMap(({ before, change }) => (change ? [{ before, after: change.order }] : []));

const ofOrder = <Part extends object>(order: Order, parts: readonly Part[]): Of<Part>[] =>
  parts.map((part) => ({ ...part, orderId: order.orderId }));

/** Parts that are new or not what they were: of one order, told apart by what `identify` answers. */
function changedParts<Part extends object>(
  before: readonly Part[],
  after: readonly Part[],
  { identify, columns }: { identify: (part: Part) => string; columns: readonly Column<Of<Part>>[] },
): Part[] {
  const old = new Map(before.map((part) => [identify(part), part]));
  return after.filter((part) => {
    const was = old.get(identify(part));
    // The columns compared are the part's own; none of them reads the order.
    return was === undefined || (was !== part && differ(columns as readonly Column<Part>[], was, part));
  });
}

const changedPackages = (differences: readonly Difference[]): Of<Package>[] =>
  differences.flatMap(({ before, after }) =>
    ofOrder(after, changedParts(before.packages, after.packages, { ...PACKAGES, identify: ({ id }) => id })),
  );

async function updatePackages(client: Queryable, differences: readonly Difference[]): Promise<void> {
  await updateRows(
    client,
    PACKAGES,
    changedPackages(differences).filter(({ id }) => id !== ''),
  );
}

async function writePackages(client: Queryable, drafts: readonly Draft[]): Promise<Draft[]> {
  const differences = differencesOf(drafts);
  await updatePackages(client, differences);
  const added = await insertRows<Of<Package>, { id: string; order_id: string; package_id: string }>(
    client,
    {
      table: PACKAGES.table,
      columns: [...PACKAGES.identity, ...PACKAGES.columns],
      returning: 'returning id, order_id, package_id',
    },
    changedPackages(differences).filter(({ id }) => id === ''),
  );
  if (added.length === 0) return [...drafts];
  const ids = new Map(added.map((row) => [`${row.order_id} ${row.package_id}`, row.id]));
  const numbered = (order: Order, parcel: Package): Package =>
    parcel.id ? parcel : { ...parcel, id: ids.get(`${order.orderId} ${parcel.packageId}`) ?? '' };
  return drafts.map((draft) =>
    withChanged(draft, (order) => ({ packages: order.packages.map((parcel) => numbered(order, parcel)) })),
  );
}

async function writeAttempts(client: Queryable, drafts: readonly Draft[]): Promise<Draft[]> {
  const changed = differencesOf(drafts).flatMap(({ before, after }) =>
    ofOrder(after, changedParts(before.attempts, after.attempts, { ...ATTEMPTS, identify: (one) => one.attemptId })),
  );
  // Closing comes first: a slot that this very change frees is free for its new attempt.
  await updateRows(
    client,
    ATTEMPTS,
    changed.filter(({ attemptId }) => attemptId !== ''),
  );
  const begun = changed.filter(({ attemptId }) => attemptId === '');
  if (begun.length === 0) return [...drafts];
  const ids = await beginAttempts(client, begun);
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

async function writeDocuments(client: Queryable, drafts: readonly Draft[]): Promise<Draft[]> {
  const changed = differencesOf(drafts).flatMap(({ before, after }) =>
    ofOrder(
      after,
      changedParts(before.documents, after.documents, { ...DOCUMENTS, identify: (one) => one.documentId }),
    ),
  );
  await updateRows(client, DOCUMENTS, changed);
  const written: Draft[] = [];
  for (const draft of drafts) written.push(await addDocuments(client, draft));
  return written;
}

/** One statement each: they are large and rare. */
async function addDocuments(client: Queryable, draft: Draft): Promise<Draft> {
  const added: DocumentFacts[] = [];
  for (const document of draft.change?.newDocuments ?? [])
    added.push(await addDocument(client, draft.before.orderId, document));
  return added.length === 0 ? draft : withChanged(draft, ({ documents }) => ({ documents: [...documents, ...added] }));
}

async function addDocument(client: Queryable, orderId: string, document: NewDocument): Promise<DocumentFacts> {
  const { docType, part, revision, orderItemIds, source, sourceMime, pdf, path } = document;
  const sourceSha256 = sha256(source);
  const { rows } = await client.query<{ documentId: string; createdAt: Date }>(
    `insert into public.order_lazada_document (order_id, doc_type, part, revision, order_item_ids, source, source_mime,
            source_sha256, pdf, pdf_sha256, path)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) returning id as "documentId", created_at as "createdAt"`,
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
      sha256(pdf),
      path,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error(`document ${docType} part ${part} of order ${orderId} was not written`);
  return { ...row, docType, part, revision, orderItemIds, sourceSha256, hasPdf: true, path, uploadedAt: null };
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

async function writeSteps(client: Queryable, stored: readonly Stored[]): Promise<void> {
  const identify = ({ step, ref }: StepRow) => `${step} ${ref}`;
  const gone = stored.flatMap(({ before, order }) => {
    const kept = new Set(order.steps.map(identify));
    return ofOrder(
      order,
      before.steps.filter((row) => !kept.has(identify(row))),
    );
  });
  await deleteRows(client, STEPS, gone);
  const updates = STEPS.columns.map(({ name }) => `${name} = excluded.${name}`).join(', ');
  await insertRows<Of<StepRow>>(
    client,
    {
      table: STEPS.table,
      columns: [...STEPS.key, ...STEPS.columns],
      conflict: `on conflict (order_id, step, ref) do update set ${updates}`,
    },
    stored.flatMap(({ before, order }) =>
      ofOrder(order, changedParts(before.steps, order.steps, { ...STEPS, identify })),
    ),
  );
}

type EventRow = { orderId: string; packageRowId: string | null; event: OrderEvent };

async function writeEvents(client: Queryable, stored: readonly Stored[], source: string): Promise<void> {
  await insertRows<EventRow>(
    client,
    {
      table: 'public.order_lazada_event',
      columns: [
        { name: 'order_id', type: 'bigint', of: ({ orderId }) => orderId },
        { name: 'package_id', type: 'bigint', of: ({ packageRowId }) => packageRowId },
        { name: 'kind', type: 'text', of: ({ event }) => event.kind },
        { name: 'source', type: 'text', of: () => source },
        { name: 'data', type: 'jsonb', of: ({ event }) => storableJson(dataOf(event)) },
        { name: 'request_id', type: 'text', of: ({ event }) => event.requestId ?? null },
      ],
    },
    stored.flatMap(({ order, events }) => events.map((event) => eventRow(order, event))),
  );
}

function eventRow(order: Order, event: OrderEvent): EventRow {
  const parcel = order.packages.find(({ packageId }) => packageId === event.packageId);
  return { orderId: order.orderId, packageRowId: parcel?.id ?? null, event };
}
/** The timeline shows Lazada's id; the column holds ours. */
const dataOf = ({ packageId, data }: OrderEvent) => ({ ...data, ...(packageId === undefined ? {} : { packageId }) });

/** The draft with other fields of what it was changed to. */
const withChanged = (draft: Draft, fields: (order: Order) => Partial<Order>): Draft => {
  const { change } = draft;
  return change ? { ...draft, change: { ...change, order: { ...change.order, ...fields(change.order) } } } : draft;
};
