/** The orders' rows: reads and changes of one moment become one transaction. */
import type { Changed, Loaded, Orders, ReportOutcome } from '@lazada-sof/orders';
import type pg from 'pg';
import { groupCommit } from '../sql/group-commit.ts';
import { createNotifier } from '../sql/notify.ts';
import { isLocked, isOutage, refusedBy } from '../sql/pool.ts';
import { snapshot } from '../sql/transaction.ts';
import { asError, changeInTurn, changeOne } from './change-in-turn.ts';
import type { ChangeRequest, ChangeTools } from './order-change.ts';
import { readOrders } from './order-read.ts';

export type OrdersTools = Pick<ChangeTools, 'pool' | 'source' | 'leaseMs' | 'waits'>;

export function openOrders({ pool, ...rest }: OrdersTools): Orders {
  const tools: ChangeTools = { pool, ...rest, notifier: createNotifier() };
  const loads = groupCommit<string, Loaded | null>((orderIds) => loadOrRepeatAlone(pool, orderIds));
  const changes = groupCommit<ChangeRequest, Changed | 'busy' | 'gone'>((requests) => changeInTurn(tools, requests));
  return {
    load: (orderId) => loads.load(orderId),
    // Whoever waits for locked rows waits alone.
    change: (orderId, decide) =>
      rest.waits ? changeOne(tools, { orderId, decide }) : changes.load({ orderId, decide }),
    noteAccepted: (attemptId, outcome) => noteAccepted(pool, attemptId, outcome),
  };
}

/** The index allows it once: where the status was sent again meanwhile, that attempt is the one that counts. */
const NOTE_ACCEPTED = `
  update public.order_lazada_attempt
     set outcome = 'accepted', closed_at = now(), http_status = $2, answer = $3, request_id = $4
   where id = $1 and outcome in ('sending', 'unknown', 'void')`;

async function noteAccepted(pool: pg.Pool, attemptId: string, outcome: ReportOutcome): Promise<void> {
  const { httpStatus, answer, requestId } = outcome;
  try {
    await pool.query(NOTE_ACCEPTED, [attemptId, httpStatus, answer, requestId]);
  } catch (error) {
    if (refusedBy(error) === undefined) throw error;
  }
}

/** As with changes: an order that cannot be read fails its own caller alone. */
async function loadOrRepeatAlone(pool: pg.Pool, orderIds: readonly string[]): Promise<(Loaded | null | Error)[]> {
  try {
    return await loadOrders(pool, orderIds);
  } catch (error) {
    // Nobody's row is locked by a look: who is waited for has the whole table.
    if (orderIds.length === 1 || isOutage(error) || isLocked(error)) return orderIds.map(() => asError(error));
    const answers: (Loaded | null | Error)[] = [];
    for (const orderId of orderIds) answers.push(...(await loadOrRepeatAlone(pool, [orderId])));
    return answers;
  }
}

async function loadOrders(pool: pg.Pool, orderIds: readonly string[]): Promise<(Loaded | null)[]> {
  const { orders, now } = await snapshot(pool, (client) => readOrders(client, orderIds));
  return orderIds.map((orderId) => {
    const order = orders.get(orderId);
    return order ? { order, now } : null;
  });
}
