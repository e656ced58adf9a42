import type { z } from 'zod';
import { AUTH_URL } from './hosts.ts';
import type { CallOptions, OpenPlatform } from './request.ts';
import { TokenAnswer } from './schemas.ts';

export type App = { readonly appKey: string; readonly appSecret: string; readonly authUrl?: string };
/** A seller's shop in one country, in Lazada's spelling. */
export type TokenShop = { readonly country: string; readonly sellerId: string; readonly shortCode: string };
export type TokenPair = {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  /** Empty where Lazada gave none, or one that lives 0 seconds, which is its word for none. */
  readonly refreshToken: string;
  /** Null where there is none, or Lazada did not tell its end. */
  readonly refreshTokenExpiresAt: Date | null;
  /** Whose tokens these are; several of a seller across borders. */
  readonly shops: readonly TokenShop[];
};

/** The first tokens of a seller, for the code that the consent page handed back: valid for 30 minutes, and once. */
export const createTokens = (platform: OpenPlatform, app: App, code: string, options?: CallOptions) =>
  tokens(platform, app, { path: '/auth/token/create', params: { code } }, options);

/** A new pair for a refresh token. The old pair ends with it, so once sent the call is not given up: store the new pair first. */
export const refreshTokens = (platform: OpenPlatform, app: App, refresh_token: string, options?: CallOptions) =>
  tokens(platform, app, { path: '/auth/token/refresh', params: { refresh_token } }, options);

const DAY_SECONDS = 86_400;
/** The shortest that Lazada documents, for an answer that tells none: the old pair has ended, so the new one is kept. */
const ASSUMED_LIFE = 7 * DAY_SECONDS;
const LONGEST_LIFE = 3_650 * DAY_SECONDS;
const lifeMs = (seconds: number) => (seconds > 0 ? Math.min(seconds, LONGEST_LIFE) : ASSUMED_LIFE) * 1_000;

async function tokens(
  platform: OpenPlatform,
  { appKey, appSecret, authUrl = AUTH_URL }: App,
  { path, params }: { path: string; params: Record<string, string> },
  options?: CallOptions,
): Promise<TokenPair> {
  const askedAt = Date.now();
  const { content } = await platform.call(
    { restUrl: authUrl, appKey, appSecret },
    { method: 'POST', path, params, finishOnceSent: true },
    { schema: TokenAnswer, from: 'whole' },
    options,
  );
  const life = content.refresh_expires_in;
  const refreshToken = life === null || life > 0 ? content.refresh_token : '';
  return {
    accessToken: content.access_token,
    accessTokenExpiresAt: new Date(askedAt + lifeMs(content.expires_in)),
    refreshToken,
    refreshTokenExpiresAt: refreshToken !== '' && life !== null ? new Date(askedAt + lifeMs(life)) : null,
    shops: shopsOf(content),
  };
}

/** Where there is no list, the one country that is told at the top. */
function shopsOf({ country, country_user_info, country_user_info_list }: z.output<typeof TokenAnswer>): TokenShop[] {
  const listed = [...country_user_info, ...country_user_info_list];
  return listed.length > 0 || country === '' ? listed : [{ country, sellerId: '', shortCode: '' }];
}
