/** Calls that Lazada takes for many orders or packages at once, made of those of the jobs that run at the same moment. */
import { type Account, asFailure, Failure, type OpenPlatformCredentials } from '@lazada-sof/orders';
import { createBatcher } from '../calls/batcher.ts';
import type { LazadaCalls } from './calls.ts';

export type Batch<In, Out> = {
  /** The most that one call takes. */
  readonly size: number;
  /** One call on a slot that has come. Null for an input that its answer leaves out. */
  readonly send: (
    inputs: readonly [In, ...In[]],
    credentials: OpenPlatformCredentials,
    signal: AbortSignal | undefined,
  ) => Promise<readonly (Out | Error | null)[]>;
};

/** What a batch leaves out, and every member of one that is refused as a whole, is asked alone. */
export function batchedCalls<In extends { readonly account: Account }, Out>(
  calls: LazadaCalls,
  { size, send }: Batch<In, Out>,
): (input: In, signal?: AbortSignal) => Promise<Out> {
  const alone = async (input: In, signal: AbortSignal | undefined) => {
    const [answer] = await send([input], await calls.slot(input.account, signal), signal);
    return answer ?? leftOut(input);
  };
  return createBatcher<In, OpenPlatformCredentials, Out>({
    size,
    thinkTime: calls.thinkTime,
    slot: (account) => calls.slot(account),
    call: async (inputs, credentials, signal) => {
      const answers = await together(inputs, () => send(inputs, credentials, signal));
      return Promise.all(
        inputs.map((input, index) => {
          const answer = answers[index];
          if (answer) return answer;
          return inputs.length === 1 ? leftOut(input) : alone(input, signal).catch(asFailure);
        }),
      );
    },
  });
}

async function together<In, Out>(inputs: readonly In[], send: () => Promise<readonly (Out | Error | null)[]>) {
  try {
    return await send();
  } catch (error) {
    const failure = asFailure(error);
    return inputs.map(() => (inputs.length > 1 && isAboutContent(failure) ? null : failure));
  }
}

/** A refusal of what was asked says nothing of the other members of a batch; any other failure is everybody's. */
export const isAboutContent = ({ kind }: Failure): boolean => kind === 'rejected' || kind === 'not-ready';

const leftOut = ({ account }: { account: Account }) =>
  new Failure('transient', `Lazada's answer for ${account.name} leaves out what it was asked`, {
    code: 'missing_in_answer',
  });
