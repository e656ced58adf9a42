/** The orders' rows: reads and changes of one moment become one transaction. */
import type { Changed, Loaded, Orders, ReportOutcome } from '@lazada-sof/orders';
import type pg from 'pg';
import { groupCommit } from '../sql/group-commit.ts';
import { createNotifier } from '../sql/notify.ts';
import { isCollision, isLocked, isOutage, refusedBy, withoutCollisions } from '../sql/pool.ts';
import { snapshot } from '../sql/transaction.ts';
import { type ChangeAnswer, type ChangeRequest, type ChangeTools, changeOrders } from './order-change.ts';
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

async function changeOne(tools: ChangeTools, request: ChangeRequest): Promise<Changed | 'busy' | 'gone'> {
  const changed = await changeAlone(tools, request);
  if (changed instanceof Error) throw changed;
  return changed;
}

type Answered = ChangeAnswer | Promise<Changed | 'busy' | 'gone'>;

/** An order that is asked for twice is changed twice, one after the other: each caller sees what the one before left. */
async function changeInTurn(tools: ChangeTools, requests: readonly ChangeRequest[]): Promise<Answered[]> {
  const answers = new Map<ChangeRequest, Answered>();
  for (let left = requests; left.length > 0; left = left.filter((request) => !answers.has(request))) {
    await Promise.allSettled(answers.values());
    const turn = firstOfEach(left);
    const changed = await changeOrRepeatAlone(tools, turn);
    turn.forEach((request, index) => void answers.set(request, changed[index] ?? 'busy'));
  }
  return requests.map((request) => answers.get(request) ?? 'busy');
}

const firstOfEach = (requests: readonly ChangeRequest[]): ChangeRequest[] => [
  ...new Map(requests.toReversed().map((request) => [request.orderId, request])).values(),
];

/**
 * A statement that fails undoes the whole batch. Where one order may have been the reason, each is changed again on its
 * own, so that only that one fails; where the database is away, everybody hears it.
 */
async function changeOrRepeatAlone(tools: ChangeTools, requests: readonly ChangeRequest[]): Promise<Answered[]> {
  if (requests.length === 1) return requests[0] ? [await changeAlone(tools, requests[0])] : [];
  try {
    return await changeOrders(tools, requests);
  } catch (error) {
    if (isOutage(error)) return requests.map(() => asError(error));
    return oneByOne(requests, (request) => changeOne(tools, request));
  }
}

/** Beside the pieces to come: where each waits for a lock, the last of many would keep everybody waiting. */
function oneByOne<Request, Answer>(
  requests: readonly Request[],
  work: (request: Request) => Promise<Answer>,
): Promise<Answer>[] {
  let before: Promise<unknown> = Promise.resolve();
  return requests.map((request) => {
    const answer = before.then(() => work(request));
    before = answer.catch(() => undefined);
    return answer;
  });
}

async function changeAlone(tools: ChangeTools, request: ChangeRequest): Promise<ChangeAnswer> {
  try {
    const [changed] = await withoutCollisions(() => changeOrders(tools, [request]));
    return changed ?? 'busy';
  } catch (error) {
    if (isLocked(error) || isCollision(error)) return 'busy';
    return asError(error);
  }
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error), { cause: error });
