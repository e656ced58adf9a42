/** When an account's tokens end for good, unless its seller consents again. */
import { DAY, HOUR } from '../model/schedules.ts';

export type TokenTimes = {
  readonly hasRefreshToken: boolean;
  readonly accessTokenExpiresAt: Date | null;
  readonly refreshTokenExpiresAt: Date | null;
};

export type TokenEnd = {
  readonly at: Date;
  readonly token: 'access token' | 'refresh token';
  /** We make it anew before; nobody has to do anything. */
  readonly isRenewed: boolean;
};

/** Renewed a day before its end: one that comes nearer is not being renewed. */
const RENEWED_BY = DAY - HOUR;
const WARNED_MS = 7 * DAY;

/** Null: nobody told the end. */
export function tokenEnd(times: TokenTimes, now: Date): TokenEnd | null {
  const { hasRefreshToken, accessTokenExpiresAt: access, refreshTokenExpiresAt: refresh } = times;
  const canRenew = hasRefreshToken && (refresh === null || refresh > now);
  const isNear = access !== null && access.getTime() - now.getTime() < RENEWED_BY;
  if (!canRenew || isNear) return access && { at: access, token: 'access token', isRenewed: false };
  if (refresh) return { at: refresh, token: 'refresh token', isRenewed: false };
  return access && { at: access, token: 'access token', isRenewed: true };
}

/** The end that a person has to hear of: within a week, or past. Null: there is none. */
export function endsSoon(times: TokenTimes, now: Date): TokenEnd | null {
  const end = tokenEnd(times, now);
  return end && !end.isRenewed && end.at.getTime() - now.getTime() < WARNED_MS ? end : null;
}
