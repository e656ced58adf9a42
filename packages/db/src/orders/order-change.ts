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
import { findRequests, type RequestEvent, type RequestEvents, type RequestKey } from './request-events.ts';

/** So long a worker that made a change has to hand on what is owed; then the order is offered again. */
export const LEASE_MS = 30 * SECOND;

/** A worker passes locked rows over, so what it still waits for is a whole table, or a trigger of the host's. */
const A_WORKER_WAITS_MS = 100;

export type ChangeRequest = {
  readonly orderId: string;
  readonly decide: Decide;
  /** Where the order has its event already, nothing is decided and nothing changed. */
  readonly requestId?: string;
};
/** `request`: the event of the request, written now or before. */
export type Written = Changed & { readonly request?: RequestEvent };
export type ChangeAnswer = Written | 'busy' | 'gone' | Error;
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
  const { events, ...rest } = await transaction(pool, { source, whole: true, ...limits }, async (client) => {
    const ids = requests.map(({ orderId }) => orderId);
    const [{ orders, now }, before] = await Promise.all([
      holdOrders(client, ids, waits && ids.length === 1 ? 'wait' : 'skip'),
      // Asked after the orders are held: whoever took the same request meanwhile held them.
      findRequests(client, requests.filter(isNamed)),
    ]);
    const decided = requests.map((request) => judge(request, orders.get(request.orderId), { now, before }));
    const locked = await writeItemTracking(client, decided.filter(isDraft));
    const judged = decided.map((one) => (isDraft(one) && locked.has(one.before.orderId) ? 'absent' : one));
    const { written, events } = await write(client, judged.filter(isDraft), { now, source, leaseMs });
    committed = notifier.notify(client, earliestLook(written), now);
    const gone = await goneOrders(client, judged, requests);
    return { judged, written, events, before, gone, now };
  });
  // Sent before the commit, and answered with it.
  const answered = { ...rest, events: await events };
  committed();
  return answersOf(requests, answered);
}

const isNamed = (request: ChangeRequest): request is ChangeRequest & RequestKey => request.requestId !== undefined;

/** What a request comes to before anything is written: an order to write, the rule's own error, or an order not held. */
type Judged = Draft | Error | 'absent';
const isDraft = (judged: Judged): judged is Draft => typeof judged === 'object' && !(judged instanceof Error);

/** A rule that throws fails its own caller alone. */
function judge(
  request: ChangeRequest,
  order: Order | undefined,
  { now, before }: { readonly now: Date; readonly before: RequestEvents },
): Judged {
  if (!order) return 'absent';
  if (isNamed(request) && before(request)) return { before: order, change: null };
  try {
    return { before: order, change: request.decide(order, now) };
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
): Promise<{ readonly written: Stored[]; readonly events: Promise<RequestEvents> }> {
  const numbered = await writeNumberedParts(client, drafts);
  const written = numbered.map((draft) => ({ ...draft, ...commit(draft.before, draft.change, { now, leaseMs }) }));
  return { written, events: sendRest(client, written, { source, now }) };
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

type Outcome = {
  readonly judged: readonly Judged[];
  readonly written: readonly Stored[];
  readonly events: RequestEvents;
  readonly before: RequestEvents;
  readonly gone: ReadonlySet<string>;
  readonly now: Date;
};

function answersOf(
  requests: readonly ChangeRequest[],
  { judged, written, events, before, gone, now }: Outcome,
): ChangeAnswer[] {
  const byId = new Map(written.map((one) => [one.order.orderId, one]));
  return requests.map((request, index) => {
    const one = judged[index];
    if (one instanceof Error) return one;
    const done = byId.get(request.orderId);
    if (!done) return gone.has(request.orderId) ? 'gone' : 'busy';
    const event = isNamed(request) ? (before(request) ?? events(request)) : undefined;
    return { order: done.order, plan: done.plan, now, ...(event && { request: event }) };
  });
}
