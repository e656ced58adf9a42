/** What an account's row holds for signing in, and what there is to say where something of it is missing. */
import {
  ACCOUNT_PARKED,
  type AccountStatus,
  consentAgain,
  Failure,
  type OpenPlatformCredentials,
} from '@lazada-sof/orders';
import type { Queryable } from '../sql/pool.ts';
import { opened, SECRETS_SELECT, type StoredSecrets } from './account-secrets.ts';
import type { KeyRing } from './secrets.ts';

export type Credentials = StoredSecrets & {
  readonly name: string;
  readonly enabled: boolean;
  readonly status: AccountStatus;
  readonly statusReason: string | null;
  readonly appKey: string | null;
  readonly sofUsername: string | null;
  /** By the database's clock: the stored SOF token is not near its end. */
  readonly sofTokenLasts: boolean;
  readonly refreshTokenEnded: boolean;
  readonly accessTokenExpiresAt: Date | null;
  readonly accessTokenEnded: boolean;
};

/**
 * So long before its end a SOF token is made anew: a call may wait 20 s for its slot. A tenth of its life at most, else a
 * short one would be made anew all the time.
 */
const SOF_TOKEN_MARGIN = "least(30, coalesce(a.sof_token_life_seconds / 10.0, 30)) * interval '1 s'";

const READ = `
  select ${SECRETS_SELECT}, a.name, a.enabled, a.status, a.status_reason as "statusReason", a.app_key as "appKey",
         a.sof_username as "sofUsername", a.access_token_expires_at as "accessTokenExpiresAt",
         coalesce(a.sof_token_expires_at > clock_timestamp() + ${SOF_TOKEN_MARGIN}, false) as "sofTokenLasts",
         coalesce(a.refresh_token_expires_at < clock_timestamp(), false) as "refreshTokenEnded",
         coalesce(a.access_token_expires_at < clock_timestamp(), false) as "accessTokenEnded"
    from account.lazada a where a.id = any ($1::bigint[])`;

export async function readCredentials(client: Queryable, accountId: string): Promise<Credentials> {
  return readOne(client, accountId, READ);
}

/** Nobody else writes the row until the transaction ends. */
export async function lockCredentials(client: Queryable, accountId: string): Promise<Credentials> {
  return readOne(client, accountId, `${READ} for no key update`);
}

async function readOne(client: Queryable, accountId: string, text: string): Promise<Credentials> {
  const { rows } = await client.query<Credentials>(text, [[accountId]]);
  if (!rows[0]) throw gone(accountId);
  return rows[0];
}

export async function readManyCredentials(
  client: Queryable,
  accountIds: readonly string[],
): Promise<(Credentials | Failure)[]> {
  const { rows } = await client.query<Credentials>(READ, [[...new Set(accountIds)]]);
  const found = new Map(rows.map((row) => [row.accountId, row]));
  return accountIds.map((accountId) => found.get(accountId) ?? gone(accountId));
}

const gone = (accountId: string) =>
  new Failure('rejected', `account ${accountId} does not exist (any more)`, { code: 'account_gone' });

export const isWorking = ({ enabled, status }: Credentials): boolean => enabled && status === 'active';

/** The order waits for the account, as if it had never been asked for. */
export function refuseParked({ name, enabled, status, statusReason }: Credentials): void {
  if (enabled && status === 'active') return;
  const why = enabled ? `${status}${statusReason ? `: ${statusReason}` : ''}` : 'disabled';
  throw new Failure('misconfigured', `account ${name} is parked (${why})`, {
    code: ACCOUNT_PARKED,
    ...(status === 'active' ? {} : { accountStatus: status }),
  });
}

export function openPlatformOf(keys: KeyRing, credentials: Credentials): OpenPlatformCredentials {
  const { accountId, name, appKey, accessTokenExpiresAt, refreshTokenEnded } = credentials;
  const appSecret = opened(keys, accountId, 'appSecret', credentials.appSecret);
  const accessToken = opened(keys, accountId, 'accessToken', credentials.accessToken);
  if (!appKey || !appSecret) throw missing(name, 'app key and app secret', 'auth_failed');
  if (!accessToken) throw missing(name, 'access token', 'reauth_required');
  const isLast = refreshTokenEnded || !opened(keys, accountId, 'refreshToken', credentials.refreshToken);
  return { appKey, appSecret, accessToken, accessTokenExpiresAt, ...(isLast && { cannotBeRenewed: true }) };
}

export function refreshLogin(keys: KeyRing, credentials: Credentials) {
  const { accountId, name } = credentials;
  const { appKey, appSecret } = openPlatformOf(keys, credentials);
  const refreshToken = opened(keys, accountId, 'refreshToken', credentials.refreshToken);
  if (!refreshToken) throw missing(name, 'refresh token', 'reauth_required');
  if (credentials.refreshTokenEnded)
    throw new Failure('misconfigured', `account ${name}: its refresh token has ended: ${consentAgain(name)}`, {
      code: 'refresh_token_ended',
      accountStatus: 'reauth_required',
    });
  return { appKey, appSecret, refreshToken };
}

/** What keeps the account from new tokens, said while the access token does its work; once it has ended, as it is. */
export function untilTheEnd({ accessTokenEnded, accessTokenExpiresAt }: Credentials, error: unknown): unknown {
  const isOfRefreshToken = error instanceof Failure && error.accountStatus === 'reauth_required';
  if (!isOfRefreshToken || accessTokenEnded) return error;
  const { kind, message, code } = error;
  const end = accessTokenExpiresAt?.toISOString() ?? 'Lazada refuses it';
  const details = { code, cause: error, accountStatus: 'reauth_required', stillWorks: true } as const;
  return new Failure(kind, `${message}; its access token is good until ${end}`, details);
}

export function sofLogin(keys: KeyRing, { accountId, name, sofUsername, sofPassword }: Credentials) {
  const password = opened(keys, accountId, 'sofPassword', sofPassword);
  if (!sofUsername || !password) throw missing(name, 'SOF user name and password', 'auth_failed');
  return { username: sofUsername, password };
}

export const missing = (account: string, what: string, accountStatus: 'auth_failed' | 'reauth_required') =>
  new Failure(
    'misconfigured',
    `account ${account} has no ${what}: ${accountStatus === 'auth_failed' ? 'set it' : consentAgain(account)}`,
    {
      code: 'credentials_missing',
      accountStatus,
    },
  );

export function usableSofToken(keys: KeyRing, credentials: Credentials, refused: string | undefined): string | null {
  if (!credentials.sofTokenLasts) return null;
  const token = opened(keys, credentials.accountId, 'sofToken', credentials.sofToken);
  return token === refused ? null : token;
}
