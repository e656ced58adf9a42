/**
 * Calls of the same moment become one batched call, and each caller gets a result of its own. A batch stays open as long
 * as its window does, and then for as long as its slot at the account's rate limit takes to come, which it would have to
 * wait for anyway.
 */
import type { Account } from '@lazada-sof/orders';
import DataLoader from 'dataloader';
import { abortReason, whileAnyWaits } from './abort.ts';
import { type MoreCallers, openWindow, type Priority, recentArrivals } from './batch-window.ts';
import { type ExpectedCallers, expectCallers } from './expected-callers.ts';

export type BatcherOptions<In, Slot, Out> = {
  /** The most that one call takes. */
  readonly size: number;
  /** Waits for the account's next slot; what it resolves with is handed to the batch that leaves with it. */
  readonly slot: (account: Account) => Promise<Slot>;
  /** One result or error per input, in their order. `signal` aborts once no caller waits any more. */
  readonly call: (
    inputs: readonly [In, ...In[]],
    slot: Slot,
    signal: AbortSignal | undefined,
  ) => Promise<readonly (Out | Error)[]>;
  /** Shared by all calls that the same callers make one after the other. */
  readonly expected?: ExpectedCallers;
  /** Whether callers may come that are not under way yet; left out: always. */
  readonly mayBegin?: () => boolean;
};

export type Batchable = { readonly account: Account; readonly priority?: Priority };

type Caller<In> = { readonly input: In; readonly signal: AbortSignal | undefined };
/** A slot that came, or failed to, and how to tell that its call is over. */
type Leaving<Slot> = { readonly slot: Promise<Slot>; readonly ended: (callers: number) => void };

/** Whose signal is aborted while its batch still waits is left out of it, and gets its signal's reason. */
export function createBatcher<In extends Batchable, Slot, Out>(
  options: BatcherOptions<In, Slot, Out>,
): (input: In, signal?: AbortSignal) => Promise<Out> {
  const batchers = new Map<string, (caller: Caller<In>) => Promise<Out>>();
  return (input, signal) => {
    const { accountId } = input.account;
    const join = batchers.get(accountId) ?? accountBatcher(options, input.account);
    batchers.set(accountId, join);
    return join({ input, signal });
  };
}

function accountBatcher<In extends Batchable, Slot, Out>(
  { size, slot, call, expected = expectCallers(), mayBegin = () => true }: BatcherOptions<In, Slot, Out>,
  account: Account,
): (caller: Caller<In>) => Promise<Out> {
  const { accountId } = account;
  const arrivals = recentArrivals();
  const look = (): MoreCallers => {
    const begin = { mayBegin: mayBegin() };
    return { ...begin, ...expected.ofAccount(accountId), areStreaming: arrivals.goOn(begin) };
  };
  let window = openWindow(size);
  // A batch is told to leave, and its call begins, in one synchronous step: nothing comes between the two.
  let handed: Leaving<Slot> | undefined;
  const loader = new DataLoader<Caller<In>, Out>((callers) => callAll(callers, handed as Leaving<Slot>), {
    // The same input twice is two calls: a result from before is not a result.
    cache: false,
    maxBatchSize: size,
    batchScheduleFn: (leave) => {
      window = openWindow(size);
      void window.closed(look).then(async () => {
        handed = await untilSlotCame();
        leave();
      });
    },
  });

  async function untilSlotCame(): Promise<Leaving<Slot>> {
    const ended = expected.began(accountId);
    const coming = slot(account);
    await Promise.allSettled([coming]);
    return { slot: coming, ended };
  }

  async function callAll(callers: readonly Caller<In>[], leaving: Leaving<Slot>) {
    // Whoever's call failed as a whole is put off, and comes with none next.
    let thinking = 0;
    try {
      const results = await callBatch(callers, leaving.slot, call);
      thinking = results.length;
      return results;
    } finally {
      leaving.ended(thinking);
    }
  }

  return (caller) => {
    expected.came(accountId);
    const result = loader.load(caller);
    arrivals.note();
    window.joined(caller.input.priority);
    return result;
  };
}

async function callBatch<In, Slot, Out>(
  callers: readonly Caller<In>[],
  slot: Promise<Slot>,
  call: BatcherOptions<In, Slot, Out>['call'],
): Promise<(Out | Error)[]> {
  const live = callers.filter(({ signal }) => !signal?.aborted);
  const results = live.length > 0 ? await callLive(live, await slot, call) : [];
  const byCaller = new Map(
    live.map((caller, index) => [caller, results[index] ?? new Error('a batch left out one input')]),
  );
  return callers.map((caller) => byCaller.get(caller) ?? abortReason(caller.signal));
}

function callLive<In, Slot, Out>(live: readonly Caller<In>[], slot: Slot, call: BatcherOptions<In, Slot, Out>['call']) {
  const inputs = live.map(({ input }) => input) as [In, ...In[]];
  return whileAnyWaits(
    live.map(({ signal }) => signal),
    (signal) => call(inputs, slot, signal),
  );
}
