/**
 * Updates of an order by whichever door: judged under the order's lock, written with the event under which the request is
 * found again. The same request twice has one effect, for as long as the order is kept: it is looked for under that lock,
 * and the index on events forbids a second. Updates of one moment are written in one transaction.
 * What is refused is told too, and may come again under its request: it may be mended by then.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  type Change,
  decideOnOrder,
  type Order,
  type OrderDecision,
  type OrderEvent,
  type OrderUpdate,
  type SentEnd,
  type UpdateRefusal,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { groupCommit } from '../sql/group-commit.ts';
import { createNotifier } from '../sql/notify.ts';
import { patiently } from '../sql/patience.ts';
import { refusedBy } from '../sql/pool.ts';
import { changeInTurn } from './change-in-turn.ts';
import type { ChangeRequest, ChangeTools, Written } from './order-change.ts';
import { ONCE, type RequestEvent } from './request-events.ts';

export type UpdateAnswer =
  /** `updateId`: the event that it wrote. `sent`: what the marketplace had accepted by then. */
  | { readonly is: 'taken'; readonly updateId: string; readonly sent: readonly SentEnd[] }
  | { readonly is: 'refused'; readonly refusal: UpdateRefusal }
  /** Somebody else is writing the order: try again soon. */
  | { readonly is: 'busy' }
  /** There is no such order (any more). */
  | { readonly is: 'gone' };

/** Who says it, where that is known: a person, an API key. */
export type UpdateSender = {
  readonly by?: string;
  /** When it came, which fills a missing time; left out: when it is taken. */
  readonly arrivedAt?: Date;
  /** False: whoever says it comes again himself where the order is busy. Left out: it is waited for, half a second. */
  readonly waits?: boolean;
};

export interface OrderUpdates {
  take(orderId: string, update: OrderUpdate, sender?: UpdateSender): Promise<UpdateAnswer>;
}

export function openOrderUpdates(given: { readonly pool: pg.Pool; readonly source: string }): OrderUpdates {
  // What is owed then is due at once: nobody here hands it on.
  const tools: ChangeTools = { ...given, leaseMs: 0, waits: false, notifier: createNotifier() };
  const together = groupCommit<ChangeRequest, Written | 'busy' | 'gone'>((requests) => changeInTurn(tools, requests));

  async function write(request: ChangeRequest, waits: boolean): Promise<Written | 'busy' | 'gone'> {
    const once = () => together.load(request);
    return waits ? patiently(once, (written) => written === 'busy') : once();
  }

  return {
    async take(orderId, update, { waits = true, ...sender } = {}) {
      const asked = judged(orderId, update, sender);
      const written = await write(asked.request, waits).catch((error: unknown) => {
        // Written meanwhile by a hand that holds no lock of ours: found now.
        if (refusedBy(error) === ONCE) return write(asked.request, waits);
        throw error;
      });
      return answerOf(written, asked);
    },
  };
}

type Judged = {
  readonly request: ChangeRequest & { readonly requestId: string };
  /** What the request says; a request of the same name that says something else is another one. */
  readonly saying: string | null;
  decision(): OrderDecision | undefined;
};

function judged(orderId: string, update: OrderUpdate, { by, arrivedAt }: Omit<UpdateSender, 'waits'>): Judged {
  const named = { ...update, requestId: update.requestId ?? randomUUID() };
  // One that nobody named cannot be confused with another.
  const saying = update.requestId === undefined ? null : sayingOf(update);
  let decision: OrderDecision | undefined;
  const decide = (order: Order, now: Date) => {
    decision = decideOnOrder(order, named, { now, ...(arrivedAt && { arrivedAt }) });
    return said(by, decision.ok ? withSent(decision, saying) : refusedChange(order, named, decision.refusal));
  };
  return { request: { orderId, decide, requestId: named.requestId }, saying, decision: () => decision };
}

function answerOf(written: Written | 'busy' | 'gone', asked: Judged): UpdateAnswer {
  if (typeof written === 'string') return { is: written };
  const decision = asked.decision();
  if (written.request) return answerOfEvent(written.request, asked);
  if (decision && !decision.ok) return { is: 'refused', refusal: decision.refusal };
  throw new Error(`an update of order ${written.order.orderId} was written without its event`);
}

/** The event that was found was written by the same request, or by another one of its name. */
function answerOfEvent(
  { eventId, sent, saying }: RequestEvent,
  { request: { requestId }, saying: now }: Judged,
): UpdateAnswer {
  if (saying === null || saying === now) return { is: 'taken', updateId: eventId, sent };
  const reason = `an update of this name was taken before (event ${eventId}), and said something else; give each update a name of its own`;
  return { is: 'refused', refusal: { kind: 'contradicts', field: 'requestId', value: requestId, reason, sent } };
}

/**
 * In short what it says, and of what. Time and reason are left out: a sender that never got its answer may make the same
 * request anew, with the time of that moment.
 */
function sayingOf({ status, packageId, trackingNumber, carrierTrackingNumber }: OrderUpdate): string {
  const words = [status, packageId, trackingNumber, carrierTrackingNumber].map((word) => word ?? null);
  return createHash('sha256').update(JSON.stringify(words)).digest('base64url').slice(0, 16);
}

/** What Lazada had accepted by then stands in the event: the same request later gets the same answer. */
function withSent({ change, sent }: Extract<OrderDecision, { ok: true }>, saying: string | null): Change {
  const [first, ...rest] = change.events;
  if (!first || (saying === null && sent.length === 0)) return change;
  return {
    ...change,
    events: [
      { ...first, data: { ...first.data, ...(saying !== null && { saying }), ...(sent.length > 0 && { sent }) } },
      ...rest,
    ],
  };
}

/** Under `request`, since a request that was refused has had no effect that could not come twice. */
function refusedChange(order: Order, request: OrderUpdate, { field, value, reason }: UpdateRefusal): Change {
  return { order, events: [{ kind: 'noted', data: { refused: reason, field, value, request } }] };
}

const said = (by: string | undefined, change: Change): Change =>
  by === undefined
    ? change
    : { ...change, events: change.events.map((event): OrderEvent => ({ ...event, data: { ...event.data, by } })) };
