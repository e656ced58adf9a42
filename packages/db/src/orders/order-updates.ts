/**
 * Updates of an order by whichever door: judged under the order's lock, written with the event under which the request is
 * found again. The same request twice has one effect, for as long as the order is kept: it is looked for under that lock,
 * and the index on events forbids a second. Updates of one moment are written in one transaction.
 * What is refused is told too, and may come again under its request: it may be mended by then.
 */
import { randomUUID } from 'node:crypto';
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
import { refusedBy } from '../sql/pool.ts';
import { changeInTurn, changeOne } from './change-in-turn.ts';
import type { ChangeRequest, ChangeTools, Written } from './order-change.ts';
import { ONCE } from './request-events.ts';

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
    const written = await together.load(request);
    return written === 'busy' && waits ? changeOne({ ...tools, waits }, request) : written;
  }

  return {
    async take(orderId, update, { waits = true, ...sender } = {}) {
      const asked = judged(orderId, update, sender);
      const written = await write(asked.request, waits).catch((error: unknown) => {
        // Written meanwhile by a hand that holds no lock of ours: found now.
        if (refusedBy(error) === ONCE) return write(asked.request, waits);
        throw error;
      });
      return answerOf(written, asked.decision());
    },
  };
}

type Judged = { readonly request: ChangeRequest; decision(): OrderDecision | undefined };

function judged(orderId: string, update: OrderUpdate, { by, arrivedAt }: Omit<UpdateSender, 'waits'>): Judged {
  const named = { ...update, requestId: update.requestId ?? randomUUID() };
  let decision: OrderDecision | undefined;
  const decide = (order: Order, now: Date) => {
    decision = decideOnOrder(order, named, { now, ...(arrivedAt && { arrivedAt }) });
    return said(by, decision.ok ? withSent(decision) : refusedChange(order, named, decision.refusal));
  };
  return { request: { orderId, decide, requestId: named.requestId }, decision: () => decision };
}

function answerOf(written: Written | 'busy' | 'gone', decision: OrderDecision | undefined): UpdateAnswer {
  if (typeof written === 'string') return { is: written };
  if (written.request) return { is: 'taken', updateId: written.request.eventId, sent: written.request.sent };
  if (decision && !decision.ok) return { is: 'refused', refusal: decision.refusal };
  throw new Error(`an update of order ${written.order.orderId} was written without its event`);
}

/** What Lazada had accepted by then stands in the event: the same request later gets the same answer. */
function withSent({ change, sent }: Extract<OrderDecision, { ok: true }>): Change {
  const [first, ...rest] = change.events;
  if (!first || sent.length === 0) return change;
  return { ...change, events: [{ ...first, data: { ...first.data, sent } }, ...rest] };
}

/** Under `request`, since a request that was refused has had no effect that could not come twice. */
function refusedChange(order: Order, request: OrderUpdate, { field, value, reason }: UpdateRefusal): Change {
  return { order, events: [{ kind: 'noted', data: { refused: reason, field, value, request } }] };
}

const said = (by: string | undefined, change: Change): Change =>
  by === undefined
    ? change
    : { ...change, events: change.events.map((event): OrderEvent => ({ ...event, data: { ...event.data, by } })) };
