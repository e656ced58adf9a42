/** Changes of one moment, each answered on its own: of orders that are asked for twice, and of those that cannot be written. */
import { isCollision, isLocked, isOutage, withoutCollisions } from '../sql/pool.ts';
import { type ChangeAnswer, type ChangeRequest, type ChangeTools, changeOrders, type Written } from './order-change.ts';

type Answer = Written | 'busy' | 'gone';
type Answered = ChangeAnswer | Promise<Answer>;

/** An order that is asked for twice is changed twice, one after the other: each caller sees what the one before left. */
export async function changeInTurn(tools: ChangeTools, requests: readonly ChangeRequest[]): Promise<Answered[]> {
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

/** In a transaction of its own. */
export async function changeOne(tools: ChangeTools, request: ChangeRequest): Promise<Answer> {
  const changed = await changeAlone(tools, request);
  if (changed instanceof Error) throw changed;
  return changed;
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

export const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error), { cause: error });
