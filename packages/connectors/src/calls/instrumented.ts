/** Every request to the outside is told twice: to the limiter, which notices outages, and to whoever counts. */
import type { Account, Failure, Limiter, LimitKey } from '@lazada-sof/orders';

/** One request that is over. `outcome` is `ok`, or the failure's code. */
export type RequestTold = {
  readonly api: LimitKey['api'];
  /** The account's name. */
  readonly account: string;
  readonly outcome: string;
  readonly seconds: number;
};

export type Watch = {
  readonly limiter: Pick<Limiter, 'report'>;
  /** For metrics. */
  readonly onRequest?: ((told: RequestTold) => void) | undefined;
};

/** Runs one request. @throws what `failureOf` makes of its error */
export async function watched<T>(
  { limiter, onRequest }: Watch,
  { key, account }: { key: LimitKey; account: Account },
  request: () => Promise<T>,
  failureOf: (error: unknown) => Failure | Promise<Failure>,
): Promise<T> {
  const started = performance.now();
  const tell = (outcome: string) =>
    onRequest?.({ api: key.api, account: account.name, outcome, seconds: (performance.now() - started) / 1_000 });
  try {
    const answer = await request();
    tell('ok');
    // Not waited for: it never throws, and what was answered is more urgent.
    void limiter.report(key, 'ok');
    return answer;
  } catch (error) {
    const failure = await failureOf(error);
    tell(failure.code);
    if (failure.code !== 'aborted') void limiter.report(key, failure.kind === 'transient' ? 'failed' : 'ok');
    throw failure;
  }
}
