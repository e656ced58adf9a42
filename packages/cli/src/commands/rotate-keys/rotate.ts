/** Walks over all accounts until none has a secret that the first key did not seal, while services and hosts write them too. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { SealedAccount, Sealing } from '@lazada-sof/db';
import { number } from '../../terminal/output.ts';
import { bar, type Progress } from '../../terminal/progress.ts';

export type Left = { readonly account: string; readonly reasons: readonly string[] };

export type Rotation = {
  /** Accounts of which something was sealed anew. */
  readonly sealed: number;
  /** Those of which something could not be. */
  readonly left: readonly Left[];
  /** Somebody does not want to wait for the rest. */
  readonly isInterrupted: boolean;
};

export type Rotating = {
  readonly progress: Progress;
  readonly signal: AbortSignal;
  readonly now?: () => number;
  readonly pauseMs?: number;
};

const PIECE = 100;
/** So long somebody may hold the last rows. */
const PATIENCE_MS = 60_000;
/** Hosts write now and then; a service with other keys writes time and again. */
const MOST_TIMES = 5;
const OTHER_KEYS =
  'is sealed by somebody else with another key, time and again: give all services the same ENCRYPTION_KEYS, the new key first';

type Found = {
  /** By account, how often it was sealed. */
  readonly sealed: Map<string, number>;
  readonly broken: Map<string, Left>;
  readonly busy: Map<string, Left>;
};

export async function rotate(
  sealing: Pick<Sealing, 'countStale' | 'sealStale'>,
  { progress, signal, now = () => performance.now(), pauseMs = 500 }: Rotating,
): Promise<Rotation> {
  const found: Found = { sealed: new Map(), broken: new Map(), busy: new Map() };
  const isOver = () => signal.aborted;
  const all = await sealing.countStale();
  const show = () => progress.show(lineOf(found, all));
  let movedAt = now();
  let isQuiet = false;
  // A second walk that finds nothing: what services wrote during the first was sealed with the first key too.
  while (!isQuiet && !isOver() && now() - movedAt < PATIENCE_MS) {
    found.busy.clear();
    const moved = await walk(sealing, found, { show, isOver });
    if (moved > 0) movedAt = now();
    isQuiet = moved === 0 && found.busy.size === 0;
    if (found.busy.size > 0) await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
  const isInterrupted = isOver() && !isQuiet;
  return { sealed: found.sealed.size, left: [...found.broken.values(), ...found.busy.values()], isInterrupted };
}

/** Answers how many accounts were sealed, of those that are not given up. */
async function walk(
  sealing: Pick<Sealing, 'sealStale'>,
  found: Found,
  { show, isOver }: { show: () => void; isOver: () => boolean },
): Promise<number> {
  let moved = 0;
  let after: string | null = null;
  while (!isOver()) {
    const piece: SealedAccount[] = await sealing.sealStale({ after, most: PIECE });
    for (const account of piece) if (note(account, found)) moved += 1;
    show();
    after = piece.at(-1)?.accountId ?? null;
    if (after === null) break;
  }
  return moved;
}

function note({ accountId, name, left, isBusy }: SealedAccount, { sealed, broken, busy }: Found): boolean {
  if (isBusy) busy.set(accountId, { account: name, reasons: left });
  else if (left.length > 0) broken.set(accountId, { account: name, reasons: left });
  else {
    const times = (sealed.get(accountId) ?? 0) + 1;
    sealed.set(accountId, times);
    if (times >= MOST_TIMES) broken.set(accountId, { account: name, reasons: [OTHER_KEYS] });
    else broken.delete(accountId);
  }
  return !isBusy && !broken.has(accountId);
}

function lineOf({ sealed, broken, busy }: Found, all: number): string {
  const done = sealed.size + broken.size;
  const [first] = busy.values();
  const waits = first ? `; somebody holds ${first.account}` : '';
  return `${bar(done, all)} ${number(done)} of ${number(Math.max(all, done))} accounts${waits}`;
}
