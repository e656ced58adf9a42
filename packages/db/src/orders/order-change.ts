/**
 * Changes many orders in one transaction: lock them, read them, let each caller's rule decide, let the rules settle what
 * follows, write the difference, and write when to look again. However many orders, the statements are as many.
 */
import { type Changed, commit, type Decide, isActive, type Order, SECOND } from '@lazada-sof/orders';
import type pg from 'pg';
import type { Notifier } from '../sql/notify.ts';
import type { Queryable } from '../sql/pool.ts';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { writeItemTracking } from './item-tracking.ts';
import { holdOrders } from './order-read.ts';
import { type Draft, type Stored, sendRest, writeNumberedParts } from './order-write.ts';

/** So long a worker that made a change has to hand on what is owed; then the order is offered again. */
export const LEASE_MS = 30 * SECOND;

/** A worker passes locked rows over, so what it still waits for is a whole table, or a trigger of the host's. */
const A_WORKER_WAITS_MS = 100;

export type ChangeRequest = { readonly orderId: string; readonly decide: Decide };
export type ChangeAnswer = Changed | 'busy' | 'gone' | Error;
export type ChangeTools = {
  readonly pool: pg.Pool;
  readonly source: string;
  readonly notifier: Notifier;
  /** `LEASE_MS` for a worker; 0 for a change from outside, which hands nothing on: what is owed is due at once. */
  readonly leaseMs: number;
  /** A person waits half a second for rows that somebody has locked; a worker does something else meanwhile. */
  readonly waits: boolean;
};

/** One answer per request, in their order; no order may be asked for twice. Throws where a statement failed. */
export async function changeOrders(
  { pool, source, notifier, leaseMs, waits }: ChangeTools,
  requests: readonly ChangeRequest[],
): Promise<ChangeAnswer[]> {
  let committed: () => void = () => undefined;
  const limits = waits ? {} : { lockTimeoutMs: A_WORKER_WAITS_MS };
  const answers = await transaction(pool, { source, whole: true, ...limits }, async (client) => {
    const ids = requests.map(({ orderId }) => orderId);
    const { orders, now } = await holdOrders(client, ids, waits && ids.length === 1 ? 'wait' : 'skip');
    const decided = requests.map((request) => judge(request, orders.get(request.orderId), now));
    const locked = await writeItemTracking(client, decided.filter(isDraft));
    const judged = decided.map((one) => (isDraft(one) && locked.has(one.before.orderId) ? 'absent' : one));
    const written = await write(client, judged.filter(isDraft), { now, source, leaseMs });
    committed = notifier.notify(client, earliestLook(written), now);
    const gone = await goneOrders(client, judged, requests);
    return answersOf(requests, judged, { written, gone, now });
  });
  committed();
  return answers;
}

/** What a request comes to before anything is written: an order to write, the rule's own error, or an order not held. */
type Judged = Draft | Error | 'absent';
const isDraft = (judged: Judged): judged is Draft => typeof judged === 'object' && !(judged instanceof Error);

/** A rule that throws fails its own caller alone. */
function judge({ decide }: ChangeRequest, order: Order | undefined, now: Date): Judged {
  if (!order) return 'absent';
  try {
    return { before: order, change: decide(order, now) };
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error), { cause: error });
  }
}

type Writing = { readonly now: Date; readonly source: string; readonly leaseMs: number };

/** New parts get their ids first, since what is owed on them is named by these. */
async function write(
  client: Transaction,
  drafts: readonly Draft[],
  { source, now, leaseMs }: Writing,
): Promise<Stored[]> {
  const numbered = await writeNumberedParts(client, drafts);
  const stored = numbered.map((draft) => ({ ...draft, ...commit(draft.before, draft.change, { now, leaseMs }) }));
  sendRest(client, stored, { source, now });
  return stored;
}

function earliestLook(written: readonly Stored[]): Date | null {
  const times = written.flatMap(({ order }) => (order.nextAttemptAt && isActive(order) ? [order.nextAttemptAt] : []));
  return times.reduce<Date | null>((a, b) => (a && a < b ? a : b), null);
}

/** Which of the orders that were not held do not exist; the others are somebody else's at the moment. */
async function goneOrders(client: Queryable, judged: readonly Judged[], requests: readonly ChangeRequest[]) {
  const absent = requests.filter((_, index) => judged[index] === 'absent').map(({ orderId }) => orderId);
  if (absent.length === 0) return new Set<string>();
  const { rows } = await client.query<{ id: string }>(
    'select order_id::text as id from public.order_lazada where order_id = any ($1::bigint[])',
    [absent],
  );
  const there = new Set(rows.map(({ id }) => id));
  return new Set(absent.filter((orderId) => !there.has(orderId)));
}

function answersOf(
  requests: readonly ChangeRequest[],
  judged: readonly Judged[],
  { written, gone, now }: { written: readonly Stored[]; gone: ReadonlySet<string>; now: Date },
): ChangeAnswer[] {
  const byId = new Map(written.map((one) => [one.order.orderId, one]));
  return requests.map(({ orderId }, index) => {
    const one = judged[index];
    if (one instanceof Error) return one;
    const done = byId.get(orderId);
    if (done) return { order: done.order, plan: done.plan, now };
    return gone.has(orderId) ? 'gone' : 'busy';
  });
}
