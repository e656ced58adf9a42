/**
 * How every call to the SOF module is made: with the account's token, on a slot of its limiter, instrumented. Tokens are
 * made by logging in, and shared through `Tokens` by all processes.
 */
import { openSofClient, type SofClient, TooManyRequestsError } from '@lazada-sof/clients';
import {
  type Account,
  boundedWait,
  type Failure,
  type Limiter,
  type LimitKey,
  type SofLogin,
  type Tokens,
} from '@lazada-sof/orders';
import { type Backoff, createBackoff } from '../calls/backoff.ts';
import { type Instrumentation, instrumented } from '../calls/instrumented.ts';
import { sofFailure } from './failures.ts';

type SofpSettings = {
  readonly url: string;
  readonly authPath: string;
  readonly statusPath: string;
  readonly usernameField: string;
  readonly passwordField: string;
};
type SofTokens = Pick<Tokens, 'sof'>;
type SofParts = Pick<Instrumentation, 'onRequest'> & {
  readonly tokens: SofTokens;
  readonly limiter: Limiter;
  readonly settings: SofpSettings;
};

/** Whom a call is for, and what it is about, in words for errors. */
type CallContext = { readonly account: Account; readonly what: string };

export type SofCalls = {
  /** Waits for the account's slot. */
  slot(account: Account, signal?: AbortSignal): Promise<void>;
  /** The stored token; a new one where there is none, or the stored one is the `refused`. */
  token(account: Account, signal?: AbortSignal, refused?: string): Promise<string>;
  /** One call on a slot that has come. @throws Failure, its cause the client's error */
  once<T>(context: CallContext, call: (client: SofClient) => Promise<T>): Promise<T>;
  /** The same client with other tokens. */
  withTokens(tokens: SofTokens): SofCalls;
};

/** One for a whole service, so that all of it stays away where one call was too many. Whoever opens it closes it. */
export function openSofCalls({ settings, ...parts }: SofParts): SofCalls & { close(): void } {
  const client = openSofClient({ ...settings, baseUrl: settings.url });
  const backoff = createBackoff({ firstMs: 2_000, longestMs: 60_000 });
  return { ...sofCalls({ ...parts, client, backoff }), close: () => client.close() };
}

type Tools = Omit<SofParts, 'settings'> & {
  readonly client: SofClient;
  /** For 429 without a Retry-After. */
  readonly backoff: Backoff;
};

function sofCalls(tools: Tools): SofCalls {
  const { tokens, limiter, client, backoff } = tools;
  const slot: SofCalls['slot'] = (account, signal) => limiter.take(limitKey(account), signal);

  async function once<T>({ account, what }: CallContext, call: (client: SofClient) => Promise<T>): Promise<T> {
    const key = limitKey(account);
    const result = await instrumented(tools, { key, account }, () => call(client), failureOf);
    backoff.clear(account.accountId);
    return result;

    /** Where it was one call too many, the account stays away as long as it was told. */
    async function failureOf(error: unknown): Promise<Failure> {
      if (!(error instanceof TooManyRequestsError)) return sofFailure(what, error);
      const askedMs = error.retryAfterMs || backoff.next(account.accountId);
      await limiter.pause(key, askedMs);
      return sofFailure(what, error, boundedWait(askedMs));
    }
  }

  const logIn = (account: Account, signal: AbortSignal | undefined) => async (login: SofLogin) => {
    await limiter.take(limitKey(account), signal, { urgent: true });
    return once({ account, what: `SOF login of ${account.name}` }, (sof) => sof.authenticate(login, { signal }));
  };

  return {
    slot,
    once,
    token: (account, signal, refused) => tokens.sof(account.accountId, logIn(account, signal), refused),
    withTokens: (others) => sofCalls({ ...tools, tokens: others }),
  };
}

const limitKey = ({ accountId }: Account): LimitKey => ({ api: 'sofp', accountId });
