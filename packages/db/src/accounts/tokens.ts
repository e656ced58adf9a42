/**
 * An account's credentials, and the one way to renew them. Whoever comes second reads again and finds the new token, or the
 * account parked: a wrong password is tried once, whatever waits.
 */
import type { OpenPlatformCredentials, OpenPlatformTokens, SofToken, Tokens } from '@lazada-sof/orders';
import { groupCommit } from '../sql/group-commit.ts';
import { transaction } from '../sql/transaction.ts';
import { hasStale, sealed, sealReadable } from './account-secrets.ts';
import {
  type Credentials,
  isWorking,
  openPlatformOf,
  readManyCredentials,
  refreshLogin,
  refuseParked,
  sofLogin,
  untilTheEnd,
  usableSofToken,
} from './credentials.ts';
import { createRecentTokens } from './recent-tokens.ts';
import { OPEN_PLATFORM, type RenewalTools, type Renewed, renew, SOF_LOGIN } from './renewal.ts';
import type { KeyRing } from './secrets.ts';

export type TokensTools = RenewalTools & {
  /** By it tokens are remembered for a moment. */
  clock: () => number;
};

export function openTokens({ clock, ...tools }: TokensTools): Tokens {
  const { pool, keys, verifying } = tools;
  const shared = sharedFlights();
  const recent = createRecentTokens(clock);

  const reads = groupCommit<string, Credentials>((accountIds) => readManyCredentials(pool, accountIds));
  async function readUsable(accountId: string): Promise<Credentials> {
    const credentials = await reads.load(accountId);
    if (!verifying) refuseParked(credentials);
    return credentials;
  }

  async function openPlatform(accountId: string): Promise<OpenPlatformCredentials> {
    const credentials = await readUsable(accountId);
    if (hasStale(keys, credentials))
      await transaction(pool, { source: 'tokens' }, (client) => sealReadable(client, keys, credentials));
    return openPlatformOf(keys, credentials);
  }

  return {
    openPlatform,

    async renewOpenPlatform(accountId, old, refresh, { early = false } = {}) {
      const stored = await openPlatform(accountId);
      if (stored.accessToken !== old) return stored;
      const ask = async (current: Credentials) => {
        const { accessToken } = openPlatformOf(keys, current);
        if (accessToken !== old) return { answer: accessToken };
        try {
          const made = await refresh(refreshLogin(keys, current));
          return { answer: made.accessToken, renewed: pairColumns(keys, accountId, made) };
        } catch (error) {
          throw early ? untilTheEnd(current, error) : error;
        }
      };
      await shared(`open-platform ${early ? 'early ' : ''}${accountId}`, old, () =>
        renew(tools, { accountId, madeOf: OPEN_PLATFORM, ask }),
      );
      return openPlatform(accountId);
    },

    async sof(accountId, login, refused) {
      if (refused !== undefined) recent.refuse(accountId, refused);
      // Where one was refused the row says which is good: a second refusal would be taken for a wrong login.
      const known = refused === undefined && !verifying ? recent.of(accountId) : undefined;
      if (known !== undefined) return known;
      const at = clock();
      const usable = (credentials: Credentials) => (verifying ? null : usableSofToken(keys, credentials, refused));
      const first = await readUsable(accountId);
      const stored = usable(first);
      if (stored !== null) {
        recent.keep(accountId, stored, at);
        return stored;
      }
      const ask = async (current: Credentials) => {
        // Parked while this waited for its turn: what was to be found out has been found out.
        if (isWorking(first)) refuseParked(current);
        const found = usable(current);
        if (found !== null) return { answer: found };
        const made = await login(sofLogin(keys, current));
        return { answer: made.token, renewed: sofColumns(keys, accountId, made) };
      };
      const fly = () => renew(tools, { accountId, madeOf: SOF_LOGIN, ask });
      const made = await shared(`sof ${accountId}`, refused, fly);
      recent.keep(accountId, made, at);
      return made;
    },
  };
}

/** What callers of one moment want of one account they get from one renewal, its failure included. */
function sharedFlights() {
  const flights = new Map<string, Promise<string>>();
  return async (flight: string, refused: string | undefined, fly: () => Promise<string>): Promise<string> => {
    for (let running = flights.get(flight); running; running = flights.get(flight)) {
      const token = await running;
      if (token !== refused) return token;
    }
    const started = fly().finally(() => flights.delete(flight));
    flights.set(flight, started);
    return started;
  };
}

/** Beyond that nothing hangs on how long a SOF token lives. */
const DAY_SECONDS = 86_400;

const sofColumns = (keys: KeyRing, accountId: string, { token, expiresAt }: SofToken): Renewed => ({
  assignments: `
    sof_token = $2, sof_token_expires_at = $3,
    sof_token_life_seconds = least(${DAY_SECONDS}, greatest(0, extract(epoch from $3 - clock_timestamp())))::int`,
  values: [sealed(keys, accountId, 'sofToken', token), expiresAt],
});

/** Both tokens with their ends. `$1` is the account. */
export const pairColumns = (keys: KeyRing, accountId: string, pair: OpenPlatformTokens): Renewed => ({
  assignments: `
    access_token = $2, refresh_token = $3, access_token_expires_at = $4, refresh_token_expires_at = $5,
    secrets_set_at = secrets_set_at || jsonb_build_object('access_token', clock_timestamp(), 'refresh_token', clock_timestamp())`,
  values: [
    sealed(keys, accountId, 'accessToken', pair.accessToken),
    pair.refreshToken === '' ? null : sealed(keys, accountId, 'refreshToken', pair.refreshToken),
    pair.accessTokenExpiresAt,
    pair.refreshTokenExpiresAt,
  ],
});
