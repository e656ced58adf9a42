/**
 * One call's way to its slot. Whoever waited asks once more before it goes: a pause may have begun meanwhile, or its slot
 * may have passed. Who finds no hand to wait with, or would wait too long, is put off: it fails with the time at which to
 * come again, and waits in its row, where it holds nobody up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type LimitKey, SECOND, type SlotWish } from '@lazada-sof/orders';
import type { Hands } from '../hands.ts';
import type { Line } from './line.ts';
import type { LimitKeys, SlotStore, Taken } from './slot-store.ts';

/** A call waits here at most so long for its slot. */
const LONGEST_WAIT_MS = 20 * SECOND;
/** A pause is waited for so long: nobody knows what comes after it, and its account has nothing to lose by the way back. */
const LONGEST_PAUSE_MS = 2 * SECOND;
/** So long is no wait, and takes no hand. */
const BLINK_MS = 50;
/** Where the store cannot be reached. */
const AWAY_MS = 5 * SECOND;

export const limitKeysOf = ({ api, accountId, appKey }: LimitKey): LimitKeys => ({
  account: `${api}:account:${accountId}`,
  app: appKey === undefined ? undefined : `${api}:app:${appKey}`,
});

export type TakeTools = { readonly store: SlotStore; readonly hands: Hands; readonly line: Line };
type Call = {
  readonly key: LimitKey;
  readonly intervalMs: number;
  readonly signal: AbortSignal | undefined;
  readonly wish: SlotWish;
};

type Waiting = Exclude<Taken, { kind: 'go' }>;

/** Most calls go at once. Only those that have to wait ask for a hand. */
export async function takeSlot(tools: TakeTools, call: Call): Promise<void> {
  const { longestMs = LONGEST_WAIT_MS, urgent } = call.wish;
  const waiting = await waitForSlot(tools.store, call, urgent ? longestMs : BLINK_MS);
  if (!waiting) return;
  if (urgent || isTooLate(waiting, longestMs)) throw putOff(tools.line, call, { ...waiting, code: 'no_slot' });
  const letGo = tools.hands.hold(limitKeysOf(call.key).account);
  try {
    // Also without a hand: whoever got one has taken the next slots meanwhile.
    const still = await waitForSlot(tools.store, call, letGo ? longestMs : BLINK_MS);
    if (still) throw putOff(tools.line, call, { ...still, code: letGo ? 'no_slot' : 'no_hand' });
  } finally {
    letGo?.();
  }
}

const isTooLate = ({ kind, ms }: Waiting, longestMs: number) =>
  ms > (kind === 'paused' ? Math.min(longestMs, LONGEST_PAUSE_MS) : longestMs);

/** Resolves when the slot has come, or with what it would have had to wait for. */
async function waitForSlot(store: SlotStore, call: Call, longestMs: number): Promise<Waiting | undefined> {
  const { key, intervalMs, signal } = call;
  let latest = performance.now() + longestMs;
  let slot: number | null = null;
  for (;;) {
    signal?.throwIfAborted();
    const atMostMs = latest - performance.now();
    const taken: Taken = await store.take(limitKeysOf(key), { intervalMs, atMostMs, slot }).catch((cause) => {
      throw failure(key, 'the limiter cannot be reached', { code: 'limiter_away', waitMs: AWAY_MS, cause });
    });
    if (taken.kind === 'go') return;
    if (taken.kind === 'paused') latest = Math.min(latest, performance.now() + LONGEST_PAUSE_MS);
    // Not by the time that is left now: its slot was reserved by what was left then.
    if (taken.ms > atMostMs || (taken.kind === 'paused' && taken.ms > latest - performance.now())) return taken;
    slot = taken.kind === 'wait' ? taken.slot : null;
    await sleep(taken.ms, undefined, { signal }).catch(() => undefined); // aborted: thrown above
  }
}

/** The next slot is the same for all who ask for one, and the end of a pause too: each stands in line for a later one. */
function putOff(
  line: Line,
  { key, intervalMs }: Call,
  { kind, ms, code }: Waiting & { code: 'no_slot' | 'no_hand' },
): Failure {
  const waitMs = line.stand(limitKeysOf(key).account, { afterMs: ms, intervalMs });
  if (kind === 'paused') return failure(key, `paused for ${inSeconds(ms)}`, { code: 'paused', waitMs });
  const fact = code === 'no_slot' ? 'no slot comes soon' : 'enough calls wait already';
  return failure(key, `${fact}, its turn comes in ${inSeconds(waitMs)}`, { code, waitMs });
}

const failure = (key: LimitKey, fact: string, details: { code: string; waitMs: number; cause?: unknown }): Failure =>
  new Failure('rate-limited', `${callsOf(key)}: ${fact}`, details);

const callsOf = ({ api, accountId }: LimitKey) =>
  api === 'carrier' ? `calls to carrier ${accountId}` : `${api} calls of account ${accountId}`;

const inSeconds = (ms: number) => `${Math.ceil(ms / SECOND)} s`;
