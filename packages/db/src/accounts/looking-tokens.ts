/**
 * Credentials for whoever only looks: also those of a parked account, and nothing is sealed, renewed, stored or parked. A SOF
 * token that is made for a look is forgotten.
 */
import { Failure, type Tokens } from '@lazada-sof/orders';
import type { Queryable } from '../sql/pool.ts';
import {
  type Credentials,
  openPlatformOf,
  readCredentials,
  refreshLogin,
  sofLogin,
  untilTheEnd,
} from './credentials.ts';
import type { KeyRing } from './secrets.ts';

export function openLookingTokens({ pool, keys }: { pool: Queryable; keys: KeyRing }): Tokens {
  const read = (accountId: string) => readCredentials(pool, accountId);
  return {
    openPlatform: async (accountId) => openPlatformOf(keys, await read(accountId)),
    async renewOpenPlatform(accountId, _old, _refresh, { early = false } = {}) {
      const stored = await read(accountId);
      refuseWithoutRefresh(keys, stored, early);
      const { name, accessTokenEnded, accessTokenExpiresAt } = stored;
      if (accessTokenEnded) throw notRenewed(name, `ended ${accessTokenExpiresAt?.toISOString()}`);
      if (!early) throw notRenewed(name, 'is refused by Lazada');
      return openPlatformOf(keys, stored);
    },
    sof: async (accountId, login) => (await login(sofLogin(keys, await read(accountId)))).token,
  };
}

/** @throws Failure, in the words in which whoever renews would say it */
function refuseWithoutRefresh(keys: KeyRing, stored: Credentials, early: boolean): void {
  try {
    refreshLogin(keys, stored);
  } catch (error) {
    throw early ? untilTheEnd(stored, error) : error;
  }
}

const notRenewed = (name: string, what: string) =>
  new Failure(
    'not-ready',
    `the access token ${what} and was not renewed: see that scheduler and status-sync run; sof account test ${name} renews it now`,
    { code: 'access_token_not_renewed' },
  );
