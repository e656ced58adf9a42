/** Every request to the outside is reported twice: to the limiter, which notices outages, and to whoever counts. */
import type { Account, Failure, Limiter, LimitKey } from '@lazada-sof/orders';

/** One request that is over. `outcome` is `ok`, or the failure's code. */
export type FinishedRequest = {
  readonly api: LimitKey['api'];
  /** The account's name. */
  readonly account: string;
  readonly outcome: string;
  readonly seconds: number;
};

export type Instrumentation = {
  readonly limiter: Pick<Limiter, 'report'>;
  /** For metrics. */
  readonly onRequest?: ((request: FinishedRequest) => void) | undefined;
};

/** Runs one request. @throws what `failureOf` makes of its error */
export async function instrumented<T>(
  { limiter, onRequest }: Instrumentation,
  { key, account }: { key: LimitKey; account: Account },
  request: () => Promise<T>,
  failureOf: (error: unknown) => Failure | Promise<Failure>,
): Promise<T> {
  const started = performance.now();
  const count = (outcome: string) =>
    onRequest?.({ api: key.api, account: account.name, outcome, seconds: (performance.now() - started) / 1_000 });
  try {
    const result = await request();
    count('ok');
    // Not waited for: it never throws, and the result is more urgent.
    void limiter.report(key, 'ok');
    return result;
  } catch (error) {
    const failure = await failureOf(error);
    count(failure.code);
    if (failure.code !== 'aborted') void limiter.report(key, failure.kind === 'transient' ? 'failed' : 'ok');
    throw failure;
  }
}
