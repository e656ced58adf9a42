/**
 * Calls of the same moment become one batched call, and each caller gets an outcome of its own. The jobs of a worker
 * arrive milliseconds apart, and once they are out of step they trickle: a fixed short window left two to four times
 * as many calls as were needed. So a batch gathers
 * - 20 ms where the account is quiet, so that a single order is not held up;
 * - until it is full, 5 s at most, while more are to be expected: callers who have just had an answer and come next with
 *   another call, or a stream of them (five or more within the last second) that has not broken off;
 * - 3 s where nobody in it is in a hurry;
 * - and then for as long as its slot at the account's rate limit takes to come, which it would have to wait for anyway.
 */
import { setTimeout as delay } from 'node:timers/promises';
import { type Account, SECOND } from '@lazada-sof/orders';
import DataLoader from 'dataloader';
import { abortReason, whileAnyWaits } from './abort.ts';
import { openThinking, type Thinking } from './think-time.ts';

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
  /** Shared by all calls that the same callers make one after the other. */
  readonly thinking?: Thinking;
};

const QUIET_MS = 20;
const LONGEST_MS = 5_000;
const PATIENT_MS = 3_000;
/** From so many a second on, more are expected. */
const BUSY = 5;
/** A stream has broken off when nobody came for so many of its usual gaps. */
const GAPS = 3;

export type Gathered = {
  readonly account: Account;
  /** Nothing waits for its answer: it may wait for others to join. */
  readonly patient?: boolean;
};

type Waiting<In> = { readonly input: In; readonly signal: AbortSignal | undefined };

/** Whose signal is aborted while its batch still waits is left out of it, and gets its signal's reason. */
export function gather<In extends Gathered, Slot, Out>(
  gathering: Gather<In, Slot, Out>,
): (input: In, signal?: AbortSignal) => Promise<Out> {
  const loaders = new Map<string, (waiting: Waiting<In>) => Promise<Out>>();
  return (input, signal) => {
    const { accountId } = input.account;
    const load = loaders.get(accountId) ?? loaderFor(gathering, input.account);
    loaders.set(accountId, load);
    return load({ input, signal });
  };
}

function loaderFor<In extends Gathered, Slot, Out>(
  { size, slot, call, thinking = openThinking() }: Gather<In, Slot, Out>,
  account: Account,
) {
  const { accountId } = account;
  const arrivals = recentArrivals();
  let open = openBatch(size);
  // A batch is told to leave, and its call begins, in one synchronous step: nothing comes between the two.
  let handed: Promise<Slot> | undefined;
  const loader = new DataLoader<Waiting<In>, Out>((waiting) => answer(waiting, handed as Promise<Slot>), {
    // The same input twice is two calls: an answer from before is not an answer.
    cache: false,
    maxBatchSize: size,
    batchScheduleFn: (leave) => {
      const batch = openBatch(size);
      open = batch;
      void gathered(batch, () => thinking.expects(accountId) || arrivals.goOn()).then(async () => {
        const coming = slot(account);
        await Promise.allSettled([coming]);
        handed = coming;
        leave();
      });
    },
  });
  async function answer(waiting: readonly Waiting<In>[], slotCome: Promise<Slot>) {
    const answers = await callBatch(waiting, slotCome, call);
    thinking.answered(accountId, waiting.length);
    return answers;
  }
  return (waiting: Waiting<In>): Promise<Out> => {
    thinking.came(accountId);
    const answered = loader.load(waiting);
    arrivals.note();
    open.joined(waiting.input);
    return answered;
  };
}

type OpenBatch = {
  joined(one: Gathered): void;
  readonly full: Promise<void>;
  /** Nobody in it is in a hurry. */
  isPatient(): boolean;
};

function openBatch(size: number): OpenBatch {
  const full = Promise.withResolvers<void>();
  let count = 0;
  let hurried = false;
  return {
    isPatient: () => !hurried,
    joined({ patient = false }) {
      count += 1;
      if (!patient) hurried = true;
      if (count >= size) full.resolve();
    },
    full: full.promise,
  };
}

/** Resolves when the batch is full, or has gathered long enough. */
async function gathered({ full, isPatient }: OpenBatch, goOn: () => boolean): Promise<void> {
  const opened = performance.now();
  let isFull = false;
  void full.then(() => {
    isFull = true;
  });
  do await Promise.race([full, delay(QUIET_MS)]);
  while (!isFull && mayWait(performance.now() - opened));

  function mayWait(ms: number): boolean {
    return (isPatient() && ms < PATIENT_MS) || (goOn() && ms < LONGEST_MS);
  }
}

/** Tells whether more are likely to come, by what came within the last second. */
function recentArrivals() {
  let times: number[] = [];
  return {
    note: () => void times.push(performance.now()),
    goOn() {
      const now = performance.now();
      times = times.filter((time) => time > now - SECOND);
      const last = times.at(-1) ?? 0;
      return times.length >= BUSY && now - last <= GAPS * (SECOND / times.length);
    },
  };
}

async function callBatch<In, Slot, Out>(
  waiting: readonly Waiting<In>[],
  slot: Promise<Slot>,
  call: Gather<In, Slot, Out>['call'],
): Promise<(Out | Error)[]> {
  const live = waiting.filter(({ signal }) => !signal?.aborted);
  const answers = live.length > 0 ? await callLive(live, await slot, call) : [];
  const byWaiting = new Map(live.map((one, index) => [one, answers[index] ?? new Error('a batch left out one input')]));
  return waiting.map((one) => byWaiting.get(one) ?? abortReason(one.signal));
}

function callLive<In, Slot, Out>(live: readonly Waiting<In>[], slot: Slot, call: Gather<In, Slot, Out>['call']) {
  const inputs = live.map(({ input }) => input) as [In, ...In[]];
  return whileAnyWaits(
    live.map(({ signal }) => signal),
    (signal) => call(inputs, slot, signal),
  );
}
