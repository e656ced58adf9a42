/**
 * Updates of an order by whichever door: judged under the order's lock, written with the event under which the request is
 * found again. The same request twice has one effect, for as long as the order is kept: the index on events forbids a second.
 * What is refused is told too, and may come again under its request: it may be mended by then.
 */
import { randomUUID } from 'node:crypto';
import {
  type Change,
  decideOnOrder,
  type Order,
  type OrderDecision,
  type OrderEvent,
  type Orders,
  type OrderUpdate,
  type SentEnd,
  type UpdateRefusal,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { refusedBy } from '../sql/pool.ts';

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
};

export interface OrderUpdates {
  take(orderId: string, update: OrderUpdate, sender?: UpdateSender): Promise<UpdateAnswer>;
}

const ONCE = 'order_lazada_event_request';
const FIND = `
  select id::text as id, data -> 'sent' as sent
    from public.order_lazada_event
   where order_id = $1 and data ? 'requestId' and data ->> 'requestId' = $2`;

type Taken = Extract<UpdateAnswer, { is: 'taken' }>;
type FoundEvent = {
  readonly id: string;
  readonly sent: readonly (Omit<SentEnd, 'sentAt'> & { readonly sentAt: string })[] | null;
};

/** `orders`: for changes from outside, which hand nothing on. */
export function openOrderUpdates(pool: pg.Pool, orders: Pick<Orders, 'change'>): OrderUpdates {
  async function find(orderId: string, requestId: string): Promise<Taken | null> {
    const { rows } = await pool.query<FoundEvent>(FIND, [orderId, requestId]);
    const [found] = rows;
    if (!found) return null;
    const sent = (found.sent ?? []).map((one) => ({ ...one, sentAt: new Date(one.sentAt) }));
    return { is: 'taken', updateId: found.id, sent };
  }

  async function decide(orderId: string, update: OrderUpdate, { by, arrivedAt }: UpdateSender) {
    let decision: OrderDecision | undefined;
    const changed = await orders.change(orderId, (order, now) => {
      decision = decideOnOrder(order, update, { now, ...(arrivedAt && { arrivedAt }) });
      return said(by, decision.ok ? withSent(decision) : refusedChange(order, update, decision.refusal));
    });
    return typeof changed === 'string' ? changed : (decision ?? 'gone');
  }

  return {
    async take(orderId, { requestId: named, ...update }, sender = {}) {
      // One that nobody named cannot have been taken before.
      const before = named === undefined ? null : await find(orderId, named);
      if (before) return before;
      const requestId = named ?? randomUUID();
      const decision = await decide(orderId, { ...update, requestId }, sender).catch((error: unknown) => {
        // Another process took the same request meanwhile: what it wrote is the answer.
        if (refusedBy(error) === ONCE) return 'busy' as const;
        throw error;
      });
      const written = await find(orderId, requestId);
      if (written) return written;
      if (typeof decision === 'string') return { is: decision };
      // Written, and deleted with its order since.
      if (decision.ok) return { is: 'gone' };
      return { is: 'refused', refusal: decision.refusal };
    },
  };
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
