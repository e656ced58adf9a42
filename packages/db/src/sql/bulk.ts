/** Many rows in one statement: a table's columns as one array each, and the statement made from them. */
import type { Queryable } from './pool.ts';

export type SqlType = 'bigint' | 'int' | 'smallint' | 'text' | 'boolean' | 'timestamptz' | 'jsonb';

export type Column<Row> = {
  readonly name: string;
  readonly type: SqlType;
  readonly of: (row: Row) => unknown;
};

/** `unnest($1::bigint[], $2::text[]) as d (id, state)` and its values. */
function unnested<Row>(columns: readonly Column<Row>[], rows: readonly Row[]) {
  const casts = columns.map(({ type }, index) => `$${index + 1}::${type}[]`).join(', ');
  const names = columns.map(({ name }) => name).join(', ');
  const values = columns.map(({ type, of }) => arrayOf(rows.map((row) => stored(type, of(row)))));
  return { from: `unnest(${casts}) as d (${names})`, names, values };
}

/**
 * As PostgreSQL reads an array. The driver writes one as well, but only once the statement is sent: what is made ready beside
 * another transaction would be written behind it.
 */
const arrayOf = (values: readonly unknown[]): string => `{${values.map(elementOf).join(',')}}`;

function elementOf(value: unknown): string {
  if (value === null || value === undefined) return 'NULL';
  if (typeof value === 'number' || typeof value === 'boolean' || typeof value === 'bigint') return String(value);
  const text = value instanceof Date ? momentOf(value) : String(value);
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

/** ISO has a sign before years beyond 9999 and before those of before Christ, which PostgreSQL writes otherwise. */
function momentOf(at: Date): string {
  const [, sign, year = '', rest] = /^([+-]?)(\d+)(.*)$/.exec(at.toISOString()) ?? [];
  return sign === '-'
    ? `${String(Number(year) + 1).padStart(4, '0')}${rest} BC`
    : `${sign === '+' ? Number(year) : year}${rest}`;
}

const stored = (type: SqlType, value: unknown) =>
  type === 'jsonb' && value !== null ? storableJson(value) : storable(value);

/** PostgreSQL stores no NUL and no half of a character; an answer from outside may hold both. */
const storable = (value: unknown) => (typeof value === 'string' ? cleaned(value) : value);
const cleaned = (text: string) =>
  text.includes('\0') || !text.isWellFormed() ? text.replaceAll('\0', '').toWellFormed() : text;
/** Looked at value by value only where its text shows that something is to be cleaned: that takes three times as long. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value);
  return MAY_HOLD_UNSTORABLE.test(text) ? JSON.stringify(value, (_key, inner) => storable(inner)) : text;
}
const MAY_HOLD_UNSTORABLE = /\\u(?:0000|d[89a-f])/;

/** What is to be sent; null: nothing, since there are no rows. */
export type Statement = { readonly text: string; readonly values: unknown[] } | null;

export type Insert<Row> = {
  table: string;
  columns: readonly Column<Row>[];
  /** `on conflict …`. */
  conflict?: string;
  /** `returning …`. */
  returning?: string;
};

/** One insert for all rows. */
export function insertion<Row>(
  { table, columns, conflict = '', returning = '' }: Insert<Row>,
  rows: readonly Row[],
): Statement {
  if (rows.length === 0) return null;
  const { from, names, values } = unnested(columns, rows);
  return { text: `insert into ${table} (${names}) select ${names} from ${from} ${conflict} ${returning}`, values };
}

/** One insert for all rows, and what it returns; for no rows nothing. */
export async function insertRows<Row, Answer extends object>(
  client: Queryable,
  insert: Insert<Row>,
  rows: readonly Row[],
): Promise<Answer[]> {
  const statement = insertion(insert, rows);
  return statement ? (await client.query<Answer>(statement.text, statement.values)).rows : [];
}

/** A row as it was read, and as it is to be. */
export type RowChange<Row> = { readonly was: Row; readonly is: Row };

export type Update<Row> = {
  table: string;
  /** How a row is found. */
  key: readonly Column<Row>[];
  columns: readonly Column<Row>[];
};

/** One update for all rows, of the columns in which any of them differs: the index of another column is not touched. */
export function update<Row>({ table, key, columns: all }: Update<Row>, changes: readonly RowChange<Row>[]): Statement {
  const columns = all.filter((column) => changes.some(({ was, is }) => differ([column], was, is)));
  if (columns.length === 0) return null;
  const rows = changes.map(({ is }) => is);
  const { from, values } = unnested([...key, ...columns], rows);
  const where = key.map(({ name }) => `t.${name} = d.${name}`).join(' and ');
  return { text: `update ${table} t set ${columns.map(assignment).join(', ')} from ${from} where ${where}`, values };
}

export function deletion<Row>(
  { table, key }: { table: string; key: readonly Column<Row>[] },
  rows: readonly Row[],
): Statement {
  if (rows.length === 0) return null;
  const { from, values } = unnested(key, rows);
  const where = key.map(({ name }) => `t.${name} = d.${name}`).join(' and ');
  return { text: `delete from ${table} t using ${from} where ${where}`, values };
}

/** A time that did not change keeps its microseconds, and a flag the host's own way of saying "not set". */
function assignment({ name, type }: Column<never>): string {
  if (type === 'timestamptz')
    return `${name} = case when date_trunc('milliseconds', t.${name}) = d.${name} then t.${name} else d.${name} end`;
  if (type === 'smallint')
    return `${name} = case when (t.${name} is not distinct from 1) = (d.${name} = 1) then t.${name} else d.${name} end`;
  return `${name} = d.${name}`;
}

/** Equal as far as a table can tell. */
function sameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b);
}

/** True where the two differ in any of the columns. */
export const differ = <Row>(columns: readonly Column<Row>[], a: Row, b: Row): boolean =>
  columns.some(({ of }) => !sameValue(of(a), of(b)));
