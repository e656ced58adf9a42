/** Runs a request that names itself once, over all processes; whoever repeats it gets the answer of the first. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { HeldKey, IdempotencyKeys, KeptAnswer, NamedRequest } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';
import { Problem, type ProblemParts, tryAgain } from '../problem.ts';

export type Handled = { status: number; body: unknown; session?: string | null; location?: string };
/** Under `effectId` the effect is written, so that it is found again by whoever goes on after a crash. */
export type Run = (effectId: string) => Promise<Handled>;
export type OnceTools = { readonly keys: IdempotencyKeys; readonly log: Logger };

/** Longer than a holder that died keeps its key. */
const WAITS_MS = 15_000;
const PAUSES_MS = { first: 20, longest: 200 };

/** @throws Problem also of the first, and where the key is another request's */
export async function once({ keys, log }: OnceTools, request: NamedRequest, run: Run): Promise<Handled> {
  const turn = await waitForTurn(keys, request);
  if ('status' in turn) return read(turn);
  try {
    const handled = await run(turn.requestId);
    await keys.answer(turn, { status: handled.status, answer: handled.body });
    return handled;
  } catch (error) {
    await end({ keys, log }, turn, error);
    throw error;
  }
}

async function waitForTurn(keys: IdempotencyKeys, request: NamedRequest): Promise<HeldKey | KeptAnswer> {
  const until = performance.now() + WAITS_MS;
  let waitedFor: string | null = null;
  for (let pauseMs = PAUSES_MS.first; ; pauseMs = Math.min(2 * pauseMs, PAUSES_MS.longest)) {
    const answer = await keys.take(request, waitedFor);
    if (answer.is === 'held') return answer.held;
    if (answer.is === 'answered') return answer;
    if (answer.is === 'taken') throw usedOtherwise(request.key);
    if (performance.now() > until)
      throw tryAgain(`The first request with Idempotency-Key ${request.key} is not over: send this again.`);
    waitedFor = answer.holder;
    await sleep(pauseMs);
  }
}

const usedOtherwise = (key: string) =>
  new Problem(
    409,
    `Idempotency-Key ${key} was used for another request within the last 24 hours: send that one unchanged to get its answer, or choose a new key for this one.`,
  );

/**
 * A refusal is told to those who wait, and so is that the order was busy: nothing has changed. Of a fault nobody knows what it
 * left, so the next one goes on in its place.
 */
async function end({ keys, log }: OnceTools, held: HeldKey, error: unknown): Promise<void> {
  const isRefusal = error instanceof Problem && (error.status < 500 || error.changedNothing);
  const ended = isRefusal ? keys.answer(held, { status: error.status, answer: kept(error) }) : keys.giveBack(held);
  await ended.catch((failure: unknown) => {
    log.warn('an idempotency key stays held for some seconds', { key: held.key, error: failure });
  });
}

type KeptProblem = Pick<ProblemParts, 'errors' | 'sent'> & { readonly detail: string };
const kept = ({ message, errors, sent }: Problem): KeptProblem => ({ detail: message, errors, ...(sent && { sent }) });

function read({ status, answer }: KeptAnswer): Handled {
  if (status < 400) return { status, body: answer };
  // As `kept` wrote it.
  const { detail, ...parts } = answer as KeptProblem;
  throw new Problem(status, detail, parts);
}
