/**
 * How every call to the Open Platform is made: with the account's credentials, on a slot of its limiter, instrumented, and
 * repeated once where its access token has ended. Bans are passed on to the limiter, for whoever calls next.
 */
import {
  AccessTokenRefusedError,
  ApiError,
  connectOpenPlatform,
  createTokens,
  type OpenPlatform,
  REST_URLS,
  refreshTokens,
  type Shop,
} from '@lazada-sof/clients';
import {
  type Account,
  boundedWait,
  type ConsentCode,
  type ConsentTokens,
  consentedShop,
  Failure,
  isKnownStatus,
  type Limiter,
  type LimitKey,
  type OpenPlatformCredentials,
  type RenewOptions,
  type SlotWish,
  type Tokens,
  usable,
} from '@lazada-sof/orders';
import { type ExpectedCallers, expectCallers } from '../calls/expected-callers.ts';
import { type Instrumentation, instrumented } from '../calls/instrumented.ts';
import { type Bans, trackBans } from './bans.ts';
import { lazadaFailure, meaningOf } from './failures.ts';

type LazadaSettings = {
  /** One base for all countries; absent: each country's own host. */
  readonly restUrl?: string | undefined;
  readonly authUrl: string;
};
type LazadaTokens = Pick<Tokens, 'openPlatform' | 'renewOpenPlatform'>;
type LazadaParts = Pick<Instrumentation, 'onRequest'> & {
  readonly tokens: LazadaTokens;
  readonly limiter: Limiter;
  readonly settings: LazadaSettings;
  /** Whether jobs may begin, in hands that are free, whose calls could join a batch; left out: always. */
  readonly handsAreFree?: () => boolean;
  /** A code that is in no row of the table was seen: count it. */
  readonly onUnknownCode?: ((code: string) => void) | undefined;
  /** An item was read with a status that no rule knows: count it, by the account's name and its own. */
  readonly onUnknownStatus?: ((seen: { account: string; status: string }) => void) | undefined;
};

type LazadaCall<T> = (platform: OpenPlatform, shop: Shop) => Promise<T>;
/** Whom a call is for, and what it is about, in words for errors. */
type CallContext = Parameters<typeof lazadaFailure>[2] & { readonly account: Account; readonly what: string };

export type LazadaCalls = {
  /** Waits for the account's slot; its credentials have been read before. */
  slot(account: Account, signal?: AbortSignal, wish?: SlotWish): Promise<OpenPlatformCredentials>;
  /** One call on a slot that has come. @throws Failure, its cause the client's error */
  once<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T>;
  /** As `once`; a refused access token is renewed, and the call repeated on another slot. */
  call<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T>;
  /** Credentials in place of refused or ending ones. */
  renew(account: Account, old: OpenPlatformCredentials, options?: RenewOptions): Promise<OpenPlatformCredentials>;
  /** The tokens for a seller's code. @throws Failure `rejected` where they are of no shop in the account's country */
  consent(account: Account, code: ConsentCode): Promise<ConsentTokens>;
  noteCode(outcome: { code: string; message: string }): void;
  noteStatus(account: Account, status: string): void;
  /** Shared by the calls on an order's way: whoever has made one comes next with another. */
  readonly expected: ExpectedCallers;
  /** Whether more callers may come. */
  readonly mayBegin: () => boolean;
  /** The same client with other credentials. */
  withTokens(tokens: LazadaTokens): LazadaCalls;
};

/** One for a whole service, so that a ban that one part of it runs into is known to all. Whoever opens it closes it. */
export function openLazadaCalls(parts: LazadaParts): LazadaCalls & { close(): void } {
  const platform = connectOpenPlatform();
  const calls = lazadaCalls({ ...parts, platform, bans: trackBans(), expected: expectCallers() });
  return { ...calls, close: () => platform.close() };
}

/** The same client for callers in whose batches nobody else shall wait: none of the others expects them. */
export const besideOthers = (calls: LazadaCalls): LazadaCalls => ({ ...calls, expected: expectCallers() });

type Tools = LazadaParts & {
  readonly platform: OpenPlatform;
  readonly bans: Bans;
  readonly expected: ExpectedCallers;
};

function lazadaCalls(tools: Tools): LazadaCalls {
  const { tokens, limiter, settings, platform, bans, expected } = tools;

  const noteCode: LazadaCalls['noteCode'] = (outcome) => {
    if (meaningOf(outcome) === 'unknown') tools.onUnknownCode?.(outcome.code);
  };

  async function slot(account: Account, signal?: AbortSignal, wish?: SlotWish) {
    const credentials = await tokens.openPlatform(account.accountId);
    await limiter.take(limitKey(account, credentials), signal, wish);
    return credentials;
  }

  async function once<T>(context: CallContext, credentials: OpenPlatformCredentials, call: LazadaCall<T>): Promise<T> {
    const key = limitKey(context.account, credentials);
    const { appKey, appSecret, accessToken } = credentials;
    const { country } = usable(context.account);
    const restUrl = settings.restUrl ?? REST_URLS[country];
    const shop = { restUrl, appKey, appSecret, accessToken };
    const result = await instrumented(tools, { key, account: context.account }, () => call(platform, shop), failureOf);
    bans.clear(key);
    return result;

    async function failureOf(error: unknown): Promise<Failure> {
      const ban = bans.of(error, key);
      if (ban) await limiter.pause(key, ban.waitMs, ban.whom);
      const wait = ban ? { waitMs: boundedWait(ban.waitMs) } : {};
      const failure = lazadaFailure(context.what, error, { ...context, ...wait });
      if (error instanceof ApiError) noteCode({ code: error.code, message: error.apiMessage });
      return failure;
    }
  }

  const renew: LazadaCalls['renew'] = (account, old, options) => {
    const refresh: Parameters<LazadaTokens['renewOpenPlatform']>[2] = async ({ appKey, appSecret, refreshToken }) => {
      const context = { account, what: `token refresh of ${account.name}` };
      await limiter.take(limitKey(account, old), undefined, { urgent: true });
      return once(context, { ...old, appKey, appSecret }, () =>
        refreshTokens(platform, { appKey, appSecret, authUrl: settings.authUrl }, refreshToken),
      );
    };
    return tokens.renewOpenPlatform(account.accountId, old.accessToken, refresh, options);
  };

  const consent: LazadaCalls['consent'] = async (account, { appKey, appSecret, code }) => {
    const { country } = usable(account);
    const credentials = { appKey, appSecret, accessToken: '', accessTokenExpiresAt: null };
    await limiter.take(limitKey(account, credentials), undefined, { urgent: true });
    const what = `consent of ${account.name}`;
    const { shops, ...pair } = await once({ account, what }, credentials, () =>
      createTokens(platform, { appKey, appSecret, authUrl: settings.authUrl }, code),
    );
    const found = consentedShop(country, shops);
    if ('shop' in found) return { ...pair, shop: found.shop };
    throw new Failure('rejected', `${what}: ${found.refused}; its tokens are not kept`, { code: 'other_country' });
  };

  return {
    slot,
    once,
    renew,
    consent,
    noteCode,
    noteStatus: ({ name }, status) => {
      if (!isKnownStatus(status)) tools.onUnknownStatus?.({ account: name, status });
    },
    expected,
    mayBegin: tools.handsAreFree ?? (() => true),
    async call(context, credentials, call) {
      try {
        return await once(context, credentials, call);
      } catch (error) {
        if (!isTokenRefused(error)) throw error;
        const renewed = await renew(context.account, credentials);
        await limiter.take(limitKey(context.account, renewed));
        return once(context, renewed, call);
      }
    },
    withTokens: (others) => lazadaCalls({ ...tools, tokens: others }),
  };
}

const isTokenRefused = (error: unknown): boolean =>
  error instanceof Error && error.cause instanceof AccessTokenRefusedError;

const limitKey = ({ accountId }: Account, { appKey }: OpenPlatformCredentials): LimitKey => ({
  api: 'lazada',
  accountId,
  appKey,
});
