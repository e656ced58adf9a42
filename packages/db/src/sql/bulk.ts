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
  const values = columns.map(({ of }) => rows.map((row) => storable(of(row))));
  return { from: `unnest(${casts}) as d (${names})`, names, values };
}

/** PostgreSQL stores no NUL and no half of a character; an answer from outside may hold both. */
const storable = (value: unknown) => (typeof value === 'string' ? cleaned(value) : value);
const cleaned = (text: string) => text.replaceAll('\0', '').toWellFormed();
/** JSON that a `jsonb` column takes, whatever its texts hold. */
export const storableJson = (value: unknown): string => JSON.stringify(value, (_key, inner) => storable(inner));

export type Insert<Row> = {
  table: string;
  columns: readonly Column<Row>[];
  /** `on conflict …`. */
  conflict?: string;
  /** `returning …`. */
  returning?: string;
};

/** One insert for all rows, none for no rows. */
export async function insertRows<Row, Answer extends object = never>(
  client: Queryable,
  { table, columns, conflict = '', returning = '' }: Insert<Row>,
  rows: readonly Row[],
): Promise<Answer[]> {
  if (rows.length === 0) return [];
  const { from, names, values } = unnested(columns, rows);
  const text = `insert into ${table} (${names}) select ${names} from ${from} ${conflict} ${returning}`;
  return (await client.query<Answer>(text, values)).rows;
}

export type Update<Row> = {
  table: string;
  /** How a row is found. */
  key: readonly Column<Row>[];
  columns: readonly Column<Row>[];
  /** Leaves rows alone that are so already: the host's rows are not touched for nothing. */
  onlyChanged?: boolean;
};

/** One update for all rows, none for no rows. */
export async function updateRows<Row>(
  client: Queryable,
  { table, key, columns, onlyChanged = false }: Update<Row>,
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const { from, values } = unnested([...key, ...columns], rows);
  const changed = onlyChanged ? columns.map(({ name }) => `t.${name} is distinct from d.${name}`) : [];
  const where = [...key.map(({ name }) => `t.${name} = d.${name}`), ...changed].join(' and ');
  await client.query(`update ${table} t set ${columns.map(assignment).join(', ')} from ${from} where ${where}`, values);
}

export async function deleteRows<Row>(
  client: Queryable,
  { table, key }: { table: string; key: readonly Column<Row>[] },
  rows: readonly Row[],
): Promise<void> {
  if (rows.length === 0) return;
  const { from, values } = unnested(key, rows);
  const where = key.map(({ name }) => `t.${name} = d.${name}`).join(' and ');
  await client.query(`delete from ${table} t using ${from} where ${where}`, values);
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
  if (a instanceof Date && b instanceof Date) return a.getTime() === b.getTime();
  return a === b || (typeof a === 'object' && a !== null && JSON.stringify(a) === JSON.stringify(b));
}

/** True where the two differ in any of the columns. */
export const differ = <Row>(columns: readonly Column<Row>[], a: Row, b: Row): boolean =>
  columns.some(({ of }) => !sameValue(of(a), of(b)));
