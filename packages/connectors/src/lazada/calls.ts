/**
 * How every call to the Open Platform is made: with the account's credentials, on a slot of its limiter, watched, and
 * repeated once where its access token has ended. Bans are passed on to the limiter, for whoever calls next.
 */
import {
  AccessTokenRefusedError,
  ApiError,
  CallLimitError,
  connectOpenPlatform,
  HttpRateLimitError,
  type OpenPlatform,
  REST_URLS,
  refreshTokens,
  type Shop,
} from '@lazada-sof/clients';
import type { Account, Failure, Limiter, LimitKey, OpenPlatformCredentials, Tokens } from '@lazada-sof/orders';
import { growingWait } from '../calls/backoff.ts';
import { type Watch, watched } from '../calls/instrumented.ts';
import { openThinking, type Thinking } from '../calls/think-time.ts';
import { lazadaFailure, meaningOf } from './failures.ts';

export type LazadaSettings = {
  /** One base for all countries; absent: each country's own host. */
  readonly restUrl?: string | undefined;
  readonly authUrl: string;
};
export type LazadaParts = Pick<Watch, 'onRequest'> & {
  readonly tokens: Pick<Tokens, 'openPlatform' | 'renewOpenPlatform'>;
  readonly limiter: Limiter;
  readonly settings: LazadaSettings;
  /** A code that is in no row of the table was seen: count it. */
  readonly onUnknownCode?: ((code: string) => void) | undefined;
};

export type LazadaCall<T> = (platform: OpenPlatform, shop: Shop) => Promise<T>;
/** Whom a call is for, and what it is about, in words for errors. */
export type CallContext = Parameters<typeof lazadaFailure>[2] & { readonly account: Account; readonly what: string };

export type LazadaCalls = {
  /** Waits for the account's slot; its credentials have been read before. */
  slot(account: Account, signal?: AbortSignal): Promise<OpenPlatformCredentials>;
  /** One call on a slot that has come. @throws Failure, its cause the client's error */
  once<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T>;
  /** As `once`; a refused access token is renewed, and the call repeated on another slot. */
  call<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T>;
  /** Credentials in place of refused or ending ones. */
  renew(account: Account, old: OpenPlatformCredentials): Promise<OpenPlatformCredentials>;
  noteCode(outcome: { code: string; message: string }): void;
  /** Who has had an answer and will come again: shared by all batched calls. */
  readonly thinking: Thinking;
  close(): void;
};

export function openLazadaCalls(parts: LazadaParts): LazadaCalls {
  const { tokens, limiter, settings, onRequest } = parts;
  const platform = connectOpenPlatform();
  const bans = banWaits();

  const noteCode: LazadaCalls['noteCode'] = (outcome) => {
    if (meaningOf(outcome) === 'unknown') parts.onUnknownCode?.(outcome.code);
  };

  async function slot(account: Account, signal?: AbortSignal) {
    const credentials = await tokens.openPlatform(account.accountId);
    await limiter.take(keyOf(account, credentials), signal);
    return credentials;
  }

  async function once<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T> {
    const key = keyOf(context.account, credentials);
    const { appKey, appSecret, accessToken } = credentials;
    const restUrl = settings.restUrl ?? REST_URLS[context.account.country];
    const shop = { restUrl, appKey, appSecret, accessToken };
    const answer = await watched(
      { limiter, onRequest },
      { key, account: context.account },
      () => call(platform, shop),
      failureOf,
    );
    bans.clear(key);
    return answer;

    async function failureOf(error: unknown): Promise<Failure> {
      const ban = bans.of(error, key);
      if (ban) await limiter.pause(key, ban.waitMs, ban.whom);
      const failure = lazadaFailure(context.what, error, { ...context, waitMs: ban?.waitMs });
      if (error instanceof ApiError) noteCode({ code: error.code, message: error.apiMessage });
      return failure;
    }
  }

  const renew: LazadaCalls['renew'] = (account, old) =>
    tokens.renewOpenPlatform(account.accountId, old.accessToken, async ({ appKey, appSecret, refreshToken }) => {
      const context = { account, what: `token refresh of ${account.name}` };
      await limiter.take(keyOf(account, old));
      return once(context, { ...old, appKey, appSecret }, () =>
        refreshTokens(platform, { appKey, appSecret, authUrl: settings.authUrl }, refreshToken),
      );
    });

  return {
    slot,
    once,
    renew,
    noteCode,
    thinking: openThinking(),
    async call(context, credentials, call) {
      try {
        return await once(context, credentials, call);
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        const renewed = await renew(context.account, credentials);
        await limiter.take(keyOf(context.account, renewed));
        return once(context, renewed, call);
      }
    },
    close: () => platform.close(),
  };
}

const isTokenRefused = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof AccessTokenRefusedError;

const keyOf = ({ accountId }: Account, { appKey }: OpenPlatformCredentials): LimitKey => ({
  api: 'lazada',
  accountId,
  appKey,
});

type Ban = { readonly waitMs: number; readonly whom: 'account' | 'app' };

/** How long a limit keeps whom away: as its words say, else growing with each in a row. */
function banWaits() {
  const ofAccount = growingWait({ firstMs: 2_000, longestMs: 60_000 });
  const ofApp = growingWait({ firstMs: 60_000, longestMs: 600_000 });
  return {
    of(error: unknown, { accountId, appKey = '' }: LimitKey): Ban | null {
      if (error instanceof CallLimitError && error.code === 'AppCallLimit') {
        return { waitMs: ofApp.next(appKey), whom: 'app' };
      }
      const told = toldWait(error);
      return told === undefined ? null : { waitMs: told ?? ofAccount.next(accountId), whom: 'account' };
    },
    clear({ accountId, appKey = '' }: LimitKey) {
      ofAccount.clear(accountId);
      ofApp.clear(appKey);
    },
  };
}

/** Undefined: no ban at all; null: one without a time. */
function toldWait(error: unknown): number | null | undefined {
  if (error instanceof HttpRateLimitError) return error.retryAfterMs;
  // A second more than it says, since it counts in whole ones.
  if (error instanceof CallLimitError) return error.banSeconds === null ? null : (error.banSeconds + 1) * 1_000;
  return undefined;
}
