/**
 * One call's way to its slot. Whoever waited asks once more before it goes: a pause may have begun meanwhile, or its slot
 * may have passed. Who finds no hand to wait with, or would wait too long, is put off: it fails with the time at which to
 * come again, and waits in its row, where it holds nobody up.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Failure, type LimitKey, SECOND, type SlotWish } from '@lazada-sof/orders';
import type { Hands } from './hands.ts';
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

export async function takeSlot(tools: TakeTools, call: Call): Promise<void> {
  const { longestMs = LONGEST_WAIT_MS, urgent } = call.wish;
  const hand = urgent ? NO_HAND_NEEDED : tools.hands.hold(limitKeysOf(call.key).account);
  try {
    const waiting = await waitForSlot(tools.store, call, hand ? longestMs : BLINK_MS);
    if (waiting) throw putOff(tools.line, call, { ...waiting, hasHand: hand !== null });
  } finally {
    hand?.();
  }
}

const NO_HAND_NEEDED = () => undefined;

type Waiting = Exclude<Taken, { kind: 'go' }>;

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
    if (taken.ms > latest - performance.now()) return taken;
    slot = taken.kind === 'wait' ? taken.slot : null;
    await sleep(taken.ms, undefined, { signal }).catch(() => undefined); // aborted: thrown above
  }
}

/** The next slot is the same for all who ask for one; whoever had no hand, or is paused, stands in line for a later one. */
function putOff(line: Line, { key, intervalMs }: Call, { kind, ms, hasHand }: Waiting & { hasHand: boolean }): Failure {
  if (kind === 'wait' && hasHand)
    return failure(key, `the next slot comes in ${inSeconds(ms)}`, { code: 'no_slot', waitMs: ms });
  const waitMs = line.stand(limitKeysOf(key).account, { afterMs: ms, intervalMs });
  return kind === 'paused'
    ? failure(key, `paused for ${inSeconds(ms)}`, { code: 'paused', waitMs })
    : failure(key, `enough calls wait already, its turn comes in ${inSeconds(waitMs)}`, { code: 'no_hand', waitMs });
}

const failure = (key: LimitKey, fact: string, details: { code: string; waitMs: number; cause?: unknown }): Failure =>
  new Failure('rate-limited', `${key.api} calls of account ${key.accountId}: ${fact}`, details);

const inSeconds = (ms: number) => `${Math.ceil(ms / SECOND)} s`;
