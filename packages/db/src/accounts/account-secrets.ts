/** The secret columns of an account, opened and sealed. */

import type { Queryable } from '../sql/pool.ts';
import { decrypt, encrypt, hasKeyOf, isStale, type KeyRing, type SecretPlace } from './secrets.ts';

/** By the name of the field, the column. */
export const SECRET_COLUMNS = {
  appSecret: 'app_secret',
  accessToken: 'access_token',
  refreshToken: 'refresh_token',
  sofPassword: 'sof_password',
  sofToken: 'sof_token',
  consentCode: 'consent_code',
} as const;
export type SecretField = keyof typeof SECRET_COLUMNS;
export const SECRET_FIELDS = Object.keys(SECRET_COLUMNS) as SecretField[];
export const isSecret = (field: string): field is SecretField => field in SECRET_COLUMNS;

const placeOf = (accountId: string, field: SecretField): SecretPlace => ({
  table: 'account.lazada',
  column: SECRET_COLUMNS[field],
  rowId: accountId,
});

export const sealed = (keys: KeyRing, accountId: string, field: SecretField, plain: string): string =>
  encrypt(keys, placeOf(accountId, field), plain);

export const opened = (keys: KeyRing, accountId: string, field: SecretField, stored: string | null): string | null =>
  stored === null || stored === '' ? null : decrypt(keys, placeOf(accountId, field), stored);

export const isReadable = (keys: KeyRing, stored: string | null): boolean => stored === null || hasKeyOf(keys, stored);

/** An account's secrets as they are stored. */
export type StoredSecrets = { readonly accountId: string } & { readonly [Field in SecretField]: string | null };

/** Of `account.lazada a`. */
export const SECRETS_SELECT = [
  'a.id::text as "accountId"',
  ...Object.entries(SECRET_COLUMNS).map(([field, column]) => `a.${column} as "${field}"`),
].join(', ');

export const hasStale = (keys: KeyRing, stored: StoredSecrets): boolean => staleFields(keys, stored).length > 0;

const staleFields = (keys: KeyRing, stored: StoredSecrets): SecretField[] =>
  SECRET_FIELDS.filter((field) => stored[field] && isStale(keys, stored[field]));

/**
 * Writes plain values, and those of an older key, encrypted with the first key; where a value changed meanwhile it is
 * left alone. Within a transaction whose source is `tokens`: no credential changes in earnest.
 */
export async function sealStale(client: Queryable, keys: KeyRing, stored: StoredSecrets): Promise<void> {
  const { accountId } = stored;
  for (const field of staleFields(keys, stored)) {
    const plain = opened(keys, accountId, field, stored[field]);
    if (plain === null) continue;
    const column = SECRET_COLUMNS[field];
    await client.query(`update account.lazada set ${column} = $2 where id = $1 and ${column} = $3`, [
      accountId,
      sealed(keys, accountId, field, plain),
      stored[field],
    ]);
  }
}
