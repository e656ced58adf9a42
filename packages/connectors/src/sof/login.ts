/** An account's token at the SOF module: made by logging in, shared through `Tokens` by all processes. */
import { type SofClient, TooManyRequestsError } from '@lazada-sof/clients';
import type { Account, Limiter, LimitKey, SofLogin as Login, Tokens } from '@lazada-sof/orders';
import type { GrowingWait } from '../calls/backoff.ts';
import { type Watch, watched } from '../calls/instrumented.ts';
import { sofFailure } from './failures.ts';

export type SofLogin = {
  /** The stored token; a new one where there is none, or the stored one is the `refused`. */
  token(account: Account, signal?: AbortSignal, refused?: string): Promise<string>;
};

export type SofTools = Watch & {
  readonly sof: SofClient;
  readonly tokens: Pick<Tokens, 'sof'>;
  readonly limiter: Limiter;
  /** For 429 without a Retry-After. */
  readonly waits: GrowingWait;
};

export const sofKey = ({ accountId }: Account): LimitKey => ({ api: 'sofp', accountId });

export function sofLogin(tools: SofTools): SofLogin {
  const { sof, tokens, limiter } = tools;
  const logIn = (account: Account, signal: AbortSignal | undefined) => async (login: Login) => {
    await limiter.take(sofKey(account), signal);
    return sofRequest(tools, account, `SOF login of ${account.name}`, () => sof.authenticate(login, { signal }));
  };
  return {
    token: (account, signal, refused) => tokens.sof(account.accountId, logIn(account, signal), refused),
  };
}

/** One request on a slot that has come. Where it was one too many, the account stays away as long as it was told. */
export async function sofRequest<T>(
  tools: SofTools,
  account: Account,
  what: string,
  request: () => Promise<T>,
): Promise<T> {
  const key = sofKey(account);
  const answer = await watched(tools, { key, account }, request, async (error) => {
    if (!(error instanceof TooManyRequestsError)) return sofFailure(what, error);
    const waitMs = error.retryAfterMs ?? tools.waits.next(account.accountId);
    await tools.limiter.pause(key, waitMs);
    return sofFailure(what, error, waitMs);
  });
  tools.waits.clear(account.accountId);
  return answer;
}
