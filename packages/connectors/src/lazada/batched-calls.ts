/** Calls that Lazada takes for many orders or packages at once, made of those of the jobs that run at the same moment. */
import { type Account, asFailure, type OpenPlatformCredentials, SECOND } from '@lazada-sof/orders';
import { createBatcher } from '../calls/batcher.ts';
import type { LazadaCalls } from './calls.ts';
import { isAboutContent, missingInAnswer } from './failures.ts';

type Batch<In, Out> = {
  /** The most that one call takes. */
  readonly size: number;
  /** One call on a slot that has come. Null for an input that its answer leaves out. */
  readonly send: (
    inputs: readonly [In, ...In[]],
    credentials: OpenPlatformCredentials,
    signal: AbortSignal | undefined,
  ) => Promise<readonly (Out | Error | null)[]>;
};

/** All of a batch's jobs are held up while it waits: longer than this they wait in their rows. */
export const TOGETHER = { longestMs: 3 * SECOND };

/** What a batch leaves out, and every member of one that is refused as a whole, is asked alone. */
export function batchedCalls<In extends { readonly account: Account }, Out>(
  calls: LazadaCalls,
  { size, send }: Batch<In, Out>,
): (input: In, signal?: AbortSignal) => Promise<Out> {
  const sendAlone = async (input: In, signal: AbortSignal | undefined) => {
    const [result] = await send([input], await calls.slot(input.account, signal), signal);
    return result ?? leftOut(input);
  };
  return createBatcher<In, OpenPlatformCredentials, Out>({
    size,
    expected: calls.expected,
    mayBegin: calls.mayBegin,
    slot: (account) => calls.slot(account, undefined, TOGETHER),
    call: async (inputs, credentials, signal) => {
      const results = await sendTogether(inputs, () => send(inputs, credentials, signal));
      return Promise.all(
        inputs.map((input, index) => {
          const result = results[index];
          if (result) return result;
          return inputs.length === 1 ? leftOut(input) : sendAlone(input, signal).catch(asFailure);
        }),
      );
    },
  });
}

async function sendTogether<In, Out>(inputs: readonly In[], send: () => Promise<readonly (Out | Error | null)[]>) {
  try {
    return await send();
  } catch (error) {
    const failure = asFailure(error);
    return inputs.map(() => (inputs.length > 1 && isAboutContent(failure) ? null : failure));
  }
}

const leftOut = ({ account }: { account: Account }) =>
  missingInAnswer(`Lazada's answer for ${account.name} leaves out what it was asked`);
