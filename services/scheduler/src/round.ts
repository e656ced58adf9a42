/** One round: take what is due, ask the plan, hand on what has room, and let the rest wait for its time. */
import { isUsable, type LimitKey, type Loaded, plan } from '@lazada-sof/orders';
import type { JobRequest } from '@lazada-sof/queue';
import type { Backlog } from './backlog.ts';
import type { Pace } from './pace.ts';
import { type PlannedOrder, shareOut } from './share-out.ts';

/** So many are read, planned and handed on together: workers begin with the first while the next are read. */
const PIECE = 200;

/**
 * Orders of an account whose row cannot be used rest so long: status-sync is about to park it, and where that is away they
 * would be claimed time and again.
 */
const UNUSABLE_MS = 5_000;

type Claimed = { readonly orderId: string; readonly accountId: string };

export type RoundTools<Claim extends Claimed> = {
  /** Orders that are due; nobody else is offered them for 30 s. */
  readonly claim: () => Promise<readonly Claim[]>;
  readonly load: (orderId: string) => Promise<Loaded | null>;
  /** Of what loading threw: the database was away or busy, and nothing is known of the order. */
  readonly isPassing: (error: unknown) => boolean;
  /** Lets go of orders that could not be handed on. */
  readonly giveBack: (claims: readonly Claim[]) => Promise<void>;
  /** Sets when to look again, where nobody has changed the order since its claim. */
  readonly rest: (rests: readonly { claim: Claim; nextAt: Date | null }[]) => Promise<void>;
  /** Lets orders rest until somebody writes their rows. */
  readonly shelve: (orders: readonly { claim: Claim; reason: string }[]) => Promise<void>;
  readonly enqueue: (jobs: readonly JobRequest[], place?: 'behind') => Promise<void>;
  /** For how many milliseconds the calls of these are paused; 0: they are not. */
  readonly pauses: (keys: readonly LimitKey[]) => Promise<readonly number[]>;
  readonly pace: Pace;
  readonly backlog: Backlog<Claim>;
  /** Told of an order that cannot be read or planned: a mistake of ours, or of what stands in its row. */
  readonly broken: (orderId: string, error: unknown) => void;
};

export type RoundResult = {
  /** How many orders were due. */
  readonly claimed: number;
};

/**
 * @throws where the database or the queue is away: what was claimed is offered again at once where it could be given back,
 * else when its lease ends
 */
export async function round<Claim extends Claimed>(tools: RoundTools<Claim>): Promise<RoundResult> {
  const claims = await tools.claim();
  if (claims.length === 0) return { claimed: 0 };
  const noted = noteState(claims, tools);
  await allOf(piecesOf(claims).map((piece) => handOut(piece, noted, tools)));
  return { claimed: claims.length };
}

/** Ended, all of them, before the first failure is told: whoever hears of it finds nothing of them under way. */
async function allOf(work: readonly unknown[]): Promise<void> {
  const ended = await Promise.allSettled(work);
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
}

const piecesOf = <Claim>(claims: readonly Claim[]): (readonly Claim[])[] =>
  Array.from({ length: Math.ceil(claims.length / PIECE) }, (_, index) =>
    claims.slice(index * PIECE, (index + 1) * PIECE),
  );

/** Notes what waits and what is paused, of the accounts of which something is due. */
async function noteState<Claim extends Claimed>(claims: readonly Claim[], tools: RoundTools<Claim>): Promise<void> {
  const accountIds = [...new Set(claims.map(({ accountId }) => accountId))];
  await Promise.all([tools.backlog.recount(claims), notePauses(accountIds, tools)]);
}

async function handOut<Claim extends Claimed>(
  piece: readonly Claim[],
  noted: Promise<void>,
  tools: RoundTools<Claim>,
): Promise<void> {
  const { rest, enqueue, giveBack } = tools;
  try {
    const [planned] = await Promise.all([planAll(piece, tools), noted]);
    const { first, behind, rests } = shareOut(planned, tools);
    await allOf([
      first.length > 0 && enqueue(first),
      behind.length > 0 && enqueue(behind, 'behind'),
      rests.length > 0 && rest(rests),
    ]);
  } catch (error) {
    await giveBack(piece).catch(() => undefined);
    throw error;
  }
}

async function notePauses<Claim extends Claimed>(
  accountIds: readonly string[],
  { pauses, pace }: RoundTools<Claim>,
): Promise<void> {
  const keys = accountIds.flatMap((accountId) => APIS.map((api) => ({ accountId, api })));
  for (const [index, ms] of (await pauses(keys)).entries()) {
    const key = keys[index];
    if (key) pace.notePause(key.accountId, key.api, ms);
  }
}
const APIS = ['sofp', 'lazada'] as const;

/** An order that cannot be read or planned is told of and rests; the others go on as if nothing was. */
async function planAll<Claim extends Claimed>(
  claims: readonly Claim[],
  tools: RoundTools<Claim>,
): Promise<PlannedOrder<Claim>[]> {
  const unreadable: { claim: Claim; reason: string }[] = [];
  const planned = await Promise.all(
    claims.map(async (claim) => {
      try {
        return await planOf(claim, tools);
      } catch (error) {
        if (tools.isPassing(error)) throw error;
        tools.broken(claim.orderId, error);
        unreadable.push({ claim, reason: error instanceof Error ? error.message : String(error) });
        return null;
      }
    }),
  );
  if (unreadable.length > 0) await tools.shelve(unreadable);
  return planned.filter((one) => one !== null);
}

async function planOf<Claim extends Claimed>(
  claim: Claim,
  { load }: RoundTools<Claim>,
): Promise<PlannedOrder<Claim> | null> {
  const loaded = await load(claim.orderId);
  if (!loaded) return null;
  const { order, now } = loaded;
  const planned = plan(order, now);
  if (isUsable(order.account)) return { claim, order, now, plan: planned };
  return { claim, order, now, plan: { ...planned, owed: [], nextAt: new Date(now.getTime() + UNUSABLE_MS) } };
}
