/**
 * Updates of an order by whichever door: judged under the order's lock, written with the event under which the request is
 * found again. The same request twice has one effect, for as long as the order is kept: the index on events forbids a second.
 */
import { randomUUID } from 'node:crypto';
import {
  applyPatch,
  decideUpdate,
  type Orders,
  type OrderUpdate,
  type SentEnd,
  type UpdateDecision,
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

export interface OrderUpdates {
  take(orderId: string, update: OrderUpdate): Promise<UpdateAnswer>;
}

const ONCE = 'order_lazada_event_request';
const FIND = `select id::text as id from public.order_lazada_event where order_id = $1 and data ? 'requestId' and data ->> 'requestId' = $2`;

/** `orders`: for changes from outside, which hand nothing on. */
export function openOrderUpdates(pool: pg.Pool, orders: Pick<Orders, 'change'>): OrderUpdates {
  async function find(orderId: string, requestId: string): Promise<string | null> {
    const { rows } = await pool.query<{ id: string }>(FIND, [orderId, requestId]);
    return rows[0]?.id ?? null;
  }

  async function takenBefore(orderId: string, requestId: string): Promise<UpdateAnswer | null> {
    const updateId = await find(orderId, requestId);
    return updateId === null ? null : { is: 'taken', updateId, sent: [] };
  }

  async function decide(orderId: string, update: OrderUpdate): Promise<UpdateDecision | 'busy' | 'gone'> {
    let decision: UpdateDecision | undefined;
    const changed = await orders.change(orderId, (order, now) => {
      decision = decideUpdate(order, update, now);
      return decision.ok ? applyPatch(order, decision.patch) : null;
    });
    return typeof changed === 'string' ? changed : (decision ?? 'gone');
  }

  return {
    async take(orderId, { requestId: named, ...update }) {
      // One that nobody named cannot have been taken before.
      const before = named === undefined ? null : await takenBefore(orderId, named);
      if (before) return before;
      const requestId = named ?? randomUUID();
      const decision = await decide(orderId, { ...update, requestId }).catch((error: unknown) => {
        // Another process took the same request meanwhile: what it wrote is the answer.
        if (refusedBy(error) === ONCE) return null;
        throw error;
      });
      const meanwhile = decision === null || (typeof decision === 'object' && !decision.ok);
      const written = meanwhile ? await takenBefore(orderId, requestId) : null;
      if (written) return written;
      if (decision === null || typeof decision === 'string') return { is: decision ?? 'busy' };
      if (!decision.ok) return { is: 'refused', refusal: decision.refusal };
      return { is: 'taken', updateId: (await find(orderId, requestId)) ?? '', sent: decision.sent };
    },
  };
}
