/**
 * Calls of the same moment become one batched call, and each caller gets an outcome of its own. A fixed short window
 * would be too short: the jobs of one worker arrive several milliseconds apart. The account's rate limit makes a call
 * wait anyway, so a batch gathers until its slot has come.
 */
import { setTimeout as delay } from 'node:timers/promises';
import type { Account } from '@lazada-sof/orders';
import DataLoader from 'dataloader';
import { abortReason, whenAllAborted } from './abort.ts';

export type Gather<In, Slot, Out> = {
  /** The most that one call takes. */
  readonly size: number;
  /** Waits for the account's next slot; what it answers is handed to the batch that leaves with it. */
  readonly slot: (account: Account) => Promise<Slot>;
  /** One answer or error per input, in their order. `signal` aborts once no caller waits any more. */
  readonly call: (
    inputs: readonly [In, ...In[]],
    slot: Slot,
    signal: AbortSignal | undefined,
  ) => Promise<readonly (Out | Error)[]>;
  /** A batch never leaves earlier than this, even where its slot comes at once. */
  readonly quietMs?: number;
};

type Waiting<In> = { readonly input: In; readonly signal: AbortSignal | undefined };

/** Whose signal is aborted while its batch still waits is left out of it, and gets its signal's reason. */
export function gather<In extends { readonly account: Account }, Slot, Out>(
  gathering: Gather<In, Slot, Out>,
): (input: In, signal?: AbortSignal) => Promise<Out> {
  const loaders = new Map<string, DataLoader<Waiting<In>, Out>>();
  return (input, signal) => {
    const { accountId } = input.account;
    const loader = loaders.get(accountId) ?? loaderFor(gathering, input.account);
    loaders.set(accountId, loader);
    return loader.load({ input, signal });
  };
}

function loaderFor<In, Slot, Out>({ size, slot, call, quietMs = 20 }: Gather<In, Slot, Out>, account: Account) {
  // A batch is told to leave, and its call begins, in one synchronous step: nothing comes between the two.
  let handed: Promise<Slot> | undefined;
  return new DataLoader<Waiting<In>, Out>((waiting) => callBatch(waiting, handed as Promise<Slot>, call), {
    // The same input twice is two calls: an answer from before is not an answer.
    cache: false,
    maxBatchSize: size,
    batchScheduleFn: (leave) => {
      const coming = slot(account);
      Promise.allSettled([coming, delay(quietMs)]).then(() => {
        handed = coming;
        leave();
      });
    },
  });
}

async function callBatch<In, Slot, Out>(
  waiting: readonly Waiting<In>[],
  slot: Promise<Slot>,
  call: Gather<In, Slot, Out>['call'],
): Promise<(Out | Error)[]> {
  const live = waiting.filter(({ signal }) => !signal?.aborted);
  const signals = live.map(({ signal }) => signal);
  const [first, ...others] = live.map(({ input }) => input);
  const answers = first ? await call([first, ...others], await slot, whenAllAborted(signals)) : [];
  const byWaiting = new Map(live.map((one, index) => [one, answers[index] ?? new Error('a batch left out one input')]));
  return waiting.map((one) => byWaiting.get(one) ?? abortReason(one.signal));
}
