/** The secret columns of an account, opened and sealed. */

import type { Queryable } from '../sql/pool.ts';
import { decrypt, encrypt, hasKeyOf, isEncrypted, isStale, type KeyRing, type SecretPlace } from './secrets.ts';

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

/** Of `account.lazada a`: the host wrote a secret plain. Word for word what the index of such accounts says. */
export const HAS_PLAIN = someSecret((column) => `${column} <> '' and ${column} not like 'enc:%'`);

/** Of `account.lazada a`: a secret was not sealed by the key whose values begin with this parameter. */
export const hasStaleSql = (parameter: string): string =>
  someSecret((column) => `${column} <> '' and not starts_with(${column}, ${parameter})`);

function someSecret(says: (column: string) => string): string {
  return Object.values(SECRET_COLUMNS)
    .map((column) => `(${says(`a.${column}`)})`)
    .join(' or ');
}

/** A ring for whoever needs no more than these: it seals every secret, and opens no other. */
export const openingOnly = (keys: KeyRing, fields: readonly SecretField[]): KeyRing => ({
  ...keys,
  opens: fields.map((field) => SECRET_COLUMNS[field]),
});

export const hasStale = (keys: KeyRing, stored: StoredSecrets): boolean => sealable(keys, stored).length > 0;

/** What a key that is gone sealed keeps no other secret of the account from being used. */
const sealable = (keys: KeyRing, stored: StoredSecrets): SecretField[] =>
  staleFields(keys, stored).filter((field) => isReadable(keys, stored[field]));

export const staleFields = (keys: KeyRing, stored: StoredSecrets): SecretField[] =>
  SECRET_FIELDS.filter((field) => stored[field] && isStale(keys, stored[field]));

export const plainFields = (stored: StoredSecrets): SecretField[] =>
  SECRET_FIELDS.filter((field) => stored[field] && !isEncrypted(stored[field]));

/**
 * Writes plain values, and those of an older key, sealed with the first key. What a key that is gone sealed stays as it is:
 * that is told by whoever needs it. Where a value changed meanwhile it is left alone. Within a transaction whose source is
 * `tokens`: no credential changes in earnest.
 */
export async function sealReadable(client: Queryable, keys: KeyRing, stored: StoredSecrets): Promise<void> {
  await sealFields(client, keys, stored, sealable(keys, stored));
}

/** Likewise, of these fields; in one write of the row. @throws Error where one of them does not open */
export async function sealFields(
  client: Queryable,
  keys: KeyRing,
  stored: StoredSecrets,
  fields: readonly SecretField[],
): Promise<void> {
  const { accountId } = stored;
  const values: string[] = [accountId];
  const place = (value: string) => `$${values.push(value)}`;
  const changes = fields.flatMap((field) => {
    const [column, was] = [SECRET_COLUMNS[field], stored[field]];
    const plain = opened(keys, accountId, field, was);
    if (plain === null || was === null) return [];
    const same = `${column} = ${place(was)}`;
    return [
      {
        same,
        set: `${column} = case when ${same} then ${place(sealed(keys, accountId, field, plain))} else ${column} end`,
      },
    ];
  });
  if (changes.length === 0) return;
  const sets = changes.map(({ set }) => set).join(', ');
  const isThere = changes.map(({ same }) => same).join(' or ');
  await client.query(`update account.lazada set ${sets} where id = $1 and (${isThere})`, values);
}
