/**
 * Secrets that are not sealed as they should be: what the host wrote plain, and what an older key sealed. Whoever changes one of
 * them meanwhile wins: a value is written only in the place of the very one that it was made of. To the triggers it is no change
 * of credentials, so nothing is parked or un-parked by it.
 */
import type pg from 'pg';
import { isPassing, refusedBy } from '../sql/pool.ts';
import { transaction } from '../sql/transaction.ts';
import {
  HAS_PLAIN,
  hasStaleSql,
  plainFields,
  SECRET_COLUMNS,
  SECRETS_SELECT,
  type SecretField,
  type StoredSecrets,
  sealFields,
  staleFields,
} from './account-secrets.ts';
import { type KeyRing, sealedBy } from './secrets.ts';

export type AccountToSeal = {
  readonly accountId: string;
  /** Another one after each write of the row. */
  readonly version: string;
};

/** What became of one account. */
export type SealedAccount = {
  readonly accountId: string;
  readonly name: string;
  /** What could not be sealed, in words. */
  readonly left: readonly string[];
  /** Somebody holds the row, or the database is not well: the same again may go through. */
  readonly isBusy: boolean;
};

/** Secrets by what sealed them. */
export type SealedWith = {
  /** Null: plain. */
  readonly keyId: string | null;
  readonly secrets: number;
  /** That of one of them. */
  readonly account: string;
};

export interface Sealing {
  /** Accounts of which the host wrote a secret plain, disabled and parked ones too. Needs no keys. */
  toSeal(): Promise<AccountToSeal[]>;
  /** Seals what is plain in the account's row, and nothing else. Null: it is gone, or nothing is plain. */
  seal(accountId: string): Promise<SealedAccount | null>;
  /** How many accounts have a secret that the first key did not seal. */
  countStale(): Promise<number>;
  /** Seals those of the next accounts, by their ids, and tells what does not open; none: there is no further one. */
  sealStale(next: { after: string | null; most: number }): Promise<SealedAccount[]>;
  /** By which keys the secrets of all accounts are sealed. Needs no keys. */
  sealedWith(): Promise<SealedWith[]>;
}

type Stored = StoredSecrets & { readonly name: string };
const SELECT = `select ${SECRETS_SELECT}, a.name from account.lazada a`;

const SEALED_WITH = `
  select case when value like 'enc:%' then split_part(value, ':', 2) end as "keyId", count(*)::int as secrets,
         min(a.name) as account
    from account.lazada a
   cross join lateral (values ${Object.values(SECRET_COLUMNS)
     .map((column) => `(a.${column}::text)`)
     .join(', ')}) secret (value)
   where value <> '' group by 1 order by 1 nulls first`;

/** Of a login that is none of ours the triggers take sealing for new credentials: they would un-park every account. */
function believedOnce(pool: pg.Pool): () => Promise<void> {
  let asked: Promise<void> | undefined;
  const ask = async () => {
    const text = 'select session_user as login, public.sof_source() = \'tokens\' as "isBelieved"';
    const { rows } = await transaction(pool, { source: 'tokens' }, (client) =>
      client.query<{ login: string; isBelieved: boolean }>(text),
    );
    if (rows[0]?.isBelieved) return;
    throw new Error(
      `${rows[0]?.login} may not seal secrets: it is a member of none of our roles; let DATABASE_URL be that of sof_cli (deploy/roles.sql)`,
    );
  };
  return async () => {
    asked ??= ask();
    await asked.catch((error: unknown) => {
      asked = undefined;
      throw error;
    });
  };
}

export function openSealing({ pool, keys }: { pool: pg.Pool; keys: KeyRing }): Sealing {
  const believed = believedOnce(pool);
  const write = (stored: Stored, fields: readonly SecretField[]) =>
    transaction(pool, { source: 'tokens' }, (client) => sealFields(client, keys, stored, fields));
  return {
    async toSeal() {
      const text = `select a.id::text as "accountId", a.xmin::text as version from account.lazada a where ${HAS_PLAIN}`;
      return (await pool.query<AccountToSeal>(text)).rows;
    },

    async seal(accountId) {
      const { rows } = await pool.query<Stored>(`${SELECT} where a.id = $1`, [accountId]);
      const fields = rows[0] ? plainFields(rows[0]) : [];
      if (!rows[0] || fields.length === 0) return null;
      await believed();
      return sealOne(rows[0], fields, write);
    },

    async countStale() {
      const text = `select count(*)::int as n from account.lazada a where ${hasStaleSql('$1')}`;
      return (await pool.query<{ n: number }>(text, [sealedBy(keys)])).rows[0]?.n ?? 0;
    },

    async sealStale({ after, most }) {
      const text = `${SELECT} where ($2::bigint is null or a.id > $2) and (${hasStaleSql('$1')}) order by a.id limit $3`;
      const { rows } = await pool.query<Stored>(text, [sealedBy(keys), after, most]);
      const sealed: SealedAccount[] = [];
      if (rows.length > 0) await believed();
      for (const stored of rows) sealed.push(await sealOne(stored, staleFields(keys, stored), write));
      return sealed;
    },

    sealedWith: async () => (await pool.query<SealedWith>(SEALED_WITH)).rows,
  };
}

type Write = (stored: Stored, fields: readonly SecretField[]) => Promise<void>;

/** All at once; where one of them cannot be sealed it keeps no other back. */
async function sealOne(stored: Stored, fields: readonly SecretField[], write: Write): Promise<SealedAccount> {
  const { accountId, name } = stored;
  try {
    await write(stored, fields);
    return { accountId, name, left: [], isBusy: false };
  } catch (error) {
    if (isPassing(error)) return { accountId, name, left: [wordsOf(error)], isBusy: true };
    const [first] = fields;
    if (first !== undefined && fields.length === 1)
      return { accountId, name, left: [why(first, error)], isBusy: false };
    const each: SealedAccount[] = [];
    for (const field of fields) each.push(await sealOne(stored, [field], write));
    return { accountId, name, left: each.flatMap(({ left }) => left), isBusy: each.some(({ isBusy }) => isBusy) };
  }
}

const TOO_LONG = '22001';

function why(field: SecretField, error: unknown): string {
  const column = SECRET_COLUMNS[field];
  if ((error as { code?: unknown }).code === TOO_LONG)
    return `${column} is too narrow for a sealed value: have the table's owner make it text`;
  const constraint = refusedBy(error);
  // No colon behind the name of a secret: what follows one is blacked out.
  return constraint === undefined ? wordsOf(error) : `${constraint} of the table refuses a sealed ${column}`;
}

const wordsOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
