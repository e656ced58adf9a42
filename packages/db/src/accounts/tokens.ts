/**
 * An account's credentials, and the one way to renew them. Renewals of one account are one at a time over all processes,
 * under an advisory lock; no row of the host's table is locked while the outside is asked. Whoever comes second reads
 * again and finds the new token, or the account parked: a wrong password is tried once, whatever waits.
 */
import {
  type AccountStatus,
  Failure,
  type OpenPlatformCredentials,
  type OpenPlatformTokens,
  type SofToken,
  type Tokens,
} from '@lazada-sof/orders';
import type pg from 'pg';
import { groupCommit } from '../sql/group-commit.ts';
import { type Client, type Queryable, transaction } from '../sql/pool.ts';
import { hasStale, opened, SECRETS_SELECT, type StoredSecrets, sealed, sealStale } from './account-secrets.ts';
import type { KeyRing } from './secrets.ts';

export type TokensTools = {
  pool: pg.Pool;
  /** For renewals, each of which holds a connection while the outside is asked. */
  renewals: pg.Pool;
  keys: KeyRing;
  source: string;
  /** For checking an account: also of one that is parked, and never content with a stored SOF token. */
  verifying: boolean;
};

/** Longer than any sign-in or refresh takes. */
const RENEWAL_MS = 90_000;
/** The first half of the lock's key; the second is the account. */
const LOCK_SPACE = 0x50f;

type Credentials = StoredSecrets & {
  readonly name: string;
  readonly enabled: boolean;
  readonly status: AccountStatus;
  readonly statusReason: string | null;
  readonly appKey: string | null;
  readonly sofUsername: string | null;
  /** By the database's clock: the stored SOF token lasts 10 s more. */
  readonly sofTokenLasts: boolean;
  readonly refreshTokenEnded: boolean;
  readonly accessTokenExpiresAt: Date | null;
};

export function openTokens(tools: TokensTools): Tokens {
  const { pool, keys, verifying } = tools;
  const flights = new Map<string, Promise<string>>();

  /** What callers of one moment want of one account they get from one renewal, its failure included. */
  async function shared(flight: string, refused: string | undefined, renew: () => Promise<string>): Promise<string> {
    for (let running = flights.get(flight); running; running = flights.get(flight)) {
      const token = await running;
      if (token !== refused) return token;
    }
    const started = renew().finally(() => flights.delete(flight));
    flights.set(flight, started);
    return started;
  }

  const reads = groupCommit<string, Credentials>((accountIds) => readMany(pool, accountIds));
  async function readUsable(accountId: string): Promise<Credentials> {
    const credentials = await reads.load(accountId);
    if (!verifying) refuseParked(credentials);
    return credentials;
  }

  async function openPlatform(accountId: string): Promise<OpenPlatformCredentials> {
    const credentials = await readUsable(accountId);
    if (hasStale(keys, credentials))
      await transaction(pool, { source: 'tokens' }, (client) => sealStale(client, keys, credentials));
    return openPlatformOf(keys, credentials);
  }

  return {
    openPlatform,

    async renewOpenPlatform(accountId, refused, refresh) {
      const stored = await openPlatform(accountId);
      if (stored.accessToken !== refused) return stored;
      await shared(`open-platform ${accountId}`, refused, () =>
        renewal(tools, accountId, async (client, current) => {
          const { accessToken } = openPlatformOf(keys, current);
          if (accessToken !== refused) return accessToken;
          const renewed = await refresh(refreshLogin(keys, current));
          await storeOpenPlatform(client, keys, current, renewed);
          return renewed.accessToken;
        }),
      );
      return openPlatform(accountId);
    },

    async sof(accountId, login, refused) {
      const usable = (credentials: Credentials) => (verifying ? null : usableSofToken(keys, credentials, refused));
      const first = await readUsable(accountId);
      const stored = usable(first);
      if (stored !== null) return stored;
      return shared(`sof ${accountId}`, refused, () =>
        renewal(tools, accountId, async (client, current) => {
          // Parked while this waited for its turn: what was to be found out has been found out.
          if (isWorking(first)) refuseParked(current);
          const found = usable(current);
          if (found !== null) return found;
          const made = await login(sofLogin(keys, current));
          await storeSof(client, keys, current, made);
          return made.token;
        }),
      );
    },
  };
}

const READ = `
  select ${SECRETS_SELECT}, a.name, a.enabled, a.status, a.status_reason as "statusReason", a.app_key as "appKey",
         a.sof_username as "sofUsername", a.access_token_expires_at as "accessTokenExpiresAt",
         coalesce(a.sof_token_expires_at > clock_timestamp() + interval '10 s', false) as "sofTokenLasts",
         coalesce(a.refresh_token_expires_at < clock_timestamp(), false) as "refreshTokenEnded"
    from account.lazada a where a.id = any ($1::bigint[])`;

async function read(client: Queryable, accountId: string): Promise<Credentials> {
  const [found] = await readMany(client, [accountId]);
  if (!found || found instanceof Error) throw found ?? gone(accountId);
  return found;
}

async function readMany(client: Queryable, accountIds: readonly string[]): Promise<(Credentials | Failure)[]> {
  const { rows } = await client.query<Credentials>(READ, [[...new Set(accountIds)]]);
  const found = new Map(rows.map((row) => [row.accountId, row]));
  return accountIds.map((accountId) => found.get(accountId) ?? gone(accountId));
}

const gone = (accountId: string) =>
  new Failure('rejected', `account ${accountId} does not exist (any more)`, { code: 'account_gone' });

const isWorking = ({ enabled, status }: Credentials) => enabled && status === 'active';

/** The order waits for the account, as if it had never been asked for. */
function refuseParked({ name, enabled, status, statusReason }: Credentials): void {
  if (enabled && status === 'active') return;
  const why = enabled ? `${status}${statusReason ? `: ${statusReason}` : ''}` : 'disabled';
  throw new Failure('misconfigured', `account ${name} is parked (${why})`, {
    code: 'account_parked',
    ...(status === 'active' ? {} : { accountStatus: status }),
  });
}

function openPlatformOf(keys: KeyRing, credentials: Credentials): OpenPlatformCredentials {
  const { accountId, name, appKey, accessTokenExpiresAt } = credentials;
  const appSecret = opened(keys, accountId, 'appSecret', credentials.appSecret);
  const accessToken = opened(keys, accountId, 'accessToken', credentials.accessToken);
  if (!appKey || !appSecret) throw missing(name, 'app key and app secret', 'auth_failed');
  if (!accessToken) throw missing(name, 'access token', 'reauth_required');
  return { appKey, appSecret, accessToken, accessTokenExpiresAt };
}

function refreshLogin(keys: KeyRing, credentials: Credentials) {
  const { accountId, name } = credentials;
  const { appKey, appSecret } = openPlatformOf(keys, credentials);
  const refreshToken = opened(keys, accountId, 'refreshToken', credentials.refreshToken);
  if (!refreshToken) throw missing(name, 'refresh token', 'reauth_required');
  if (credentials.refreshTokenEnded)
    throw new Failure('misconfigured', `account ${name}: its refresh token has ended, authorize it again`, {
      code: 'refresh_token_ended',
      accountStatus: 'reauth_required',
    });
  return { appKey, appSecret, refreshToken };
}

function sofLogin(keys: KeyRing, { accountId, name, sofUsername, sofPassword }: Credentials) {
  const password = opened(keys, accountId, 'sofPassword', sofPassword);
  if (!sofUsername || !password) throw missing(name, 'SOF user name and password', 'auth_failed');
  return { username: sofUsername, password };
}

const missing = (account: string, what: string, accountStatus: 'auth_failed' | 'reauth_required') =>
  new Failure('misconfigured', `account ${account} has no ${what}: set it`, {
    code: 'credentials_missing',
    accountStatus,
  });

function usableSofToken(keys: KeyRing, credentials: Credentials, refused: string | undefined): string | null {
  if (!credentials.sofTokenLasts) return null;
  const token = opened(keys, credentials.accountId, 'sofToken', credentials.sofToken);
  return token === refused ? null : token;
}

/** The credentials are not those any more with which the outside was asked: its answer says nothing about the new ones. */
class CredentialsChanged extends Error {}
const MOST_ROUNDS = 3;

/**
 * Runs `work` while nobody else renews anything of this account, again where its credentials change meanwhile. Where the
 * outside refuses them the account is parked before the next in line may look.
 */
async function renewal<Answer>(
  tools: TokensTools,
  accountId: string,
  work: (client: Client, current: Credentials) => Promise<Answer>,
): Promise<Answer> {
  const { pool, renewals, keys, source, verifying } = tools;
  // A transaction of its own, over before anybody outside is asked: it locks the account's row.
  await transaction(pool, { source: 'tokens' }, async (client) =>
    sealStale(client, keys, await read(client, accountId)),
  );
  const limits = { source, lockTimeoutMs: RENEWAL_MS, idleTimeoutMs: RENEWAL_MS };
  const outcome = await transaction(renewals, limits, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, hashint8($2))', [LOCK_SPACE, accountId]);
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      const current = await read(client, accountId);
      if (!verifying) refuseParked(current);
      const outcome = await tryOnce(client, current, work);
      if (outcome !== 'changed') return outcome;
    }
    throw new Failure('transient', `account ${accountId}: its credentials change all the time`, {
      code: 'credentials_changed',
    });
  });
  if ('answer' in outcome) return outcome.answer;
  throw verifying ? outcome.refused : alreadyParked(outcome.refused);
}

async function tryOnce<Answer>(
  client: Client,
  current: Credentials,
  work: (client: Client, current: Credentials) => Promise<Answer>,
): Promise<{ answer: Answer } | { refused: Failure } | 'changed'> {
  try {
    return { answer: await work(client, current) };
  } catch (error) {
    if (error instanceof CredentialsChanged) return 'changed';
    if (!(error instanceof Failure && error.kind === 'misconfigured')) throw error;
    return (await park(client, current, error)) ? { refused: error } : 'changed';
  }
}

/** Said with the code that means: it is written down already, nobody else needs to park it. */
const alreadyParked = (failure: Failure): Failure =>
  new Failure('misconfigured', failure.message, {
    code: 'account_parked',
    cause: failure,
    ...(failure.accountStatus && { accountStatus: failure.accountStatus }),
  });

const SAME_CREDENTIALS = `
  id = $1 and (app_key, app_secret, access_token, refresh_token, sof_username, sof_password)
  is not distinct from ($2::text, $3::text, $4::text, $5::text, $6::text, $7::text)`;
const credentialsOf = (of: Credentials) => [
  of.accountId,
  of.appKey,
  of.appSecret,
  of.accessToken,
  of.refreshToken,
  of.sofUsername,
  of.sofPassword,
];

/** False: the credentials were changed meanwhile, so the account is not parked for the old ones. */
async function park(client: Queryable, tried: Credentials, failure: Failure): Promise<boolean> {
  const { rowCount } = await client.query(
    `update account.lazada set status = $8, status_reason = $9 where ${SAME_CREDENTIALS}`,
    [...credentialsOf(tried), failure.accountStatus ?? 'auth_failed', failure.message],
  );
  return rowCount === 1;
}

async function storeSof(
  client: Queryable,
  keys: KeyRing,
  tried: Credentials,
  { token, expiresAt }: SofToken,
): Promise<void> {
  const stored = sealed(keys, tried.accountId, 'sofToken', token);
  await storeRenewed(client, tried, 'sof_token = $8, sof_token_expires_at = $9', [stored, expiresAt]);
}

async function storeOpenPlatform(
  client: Queryable,
  keys: KeyRing,
  tried: Credentials,
  renewed: OpenPlatformTokens,
): Promise<void> {
  await storeRenewed(
    client,
    tried,
    `access_token = $8, refresh_token = $9, access_token_expires_at = $10, refresh_token_expires_at = $11,
     secrets_set_at = secrets_set_at || jsonb_build_object('access_token', now(), 'refresh_token', now())`,
    [
      sealed(keys, tried.accountId, 'accessToken', renewed.accessToken),
      sealed(keys, tried.accountId, 'refreshToken', renewed.refreshToken),
      renewed.accessTokenExpiresAt,
      renewed.refreshTokenExpiresAt,
    ],
  );
}

async function storeRenewed(client: Queryable, tried: Credentials, columns: string, values: unknown[]): Promise<void> {
  await client.query("select set_config('lazada_sof.source', 'tokens', true)");
  const { rowCount } = await client.query(`update account.lazada set ${columns} where ${SAME_CREDENTIALS}`, [
    ...credentialsOf(tried),
    ...values,
  ]);
  if (rowCount !== 1) throw new CredentialsChanged();
}
