/** What a table of the host's does not take, in words that say what to do. */
import pg from 'pg';

type Refused = {
  readonly table: string;
  readonly column?: string | undefined;
  readonly reason: string;
  /** Another value would be taken; else it is the table that has to change. */
  readonly isValue?: boolean;
};

export class HostRefused extends Error {
  override readonly name = 'HostRefused';
  readonly column: string | null;
  readonly isValue: boolean;

  constructor({ table, column, reason, isValue = false }: Refused, cause?: unknown) {
    super(`The table ${table} does not take it: ${reason}`, { cause });
    this.column = column ?? null;
    this.isValue = isValue;
  }
}

/** Null: it is no refusal of a row. */
export function refusedByHost(error: unknown): HostRefused | null {
  if (error instanceof HostRefused) return error;
  if (!(error instanceof pg.DatabaseError)) return null;
  const { code = '', message, column, constraint } = error;
  const table = error.table ? `${error.schema ?? 'public'}.${error.table}` : 'of the host';
  if (code === '23502') return new HostRefused({ table, column, reason: needed(column ?? 'of its own') }, error);
  if (code.startsWith('23')) return new HostRefused({ table, reason: forbidden(constraint ?? message) }, error);
  if (code.startsWith('22'))
    return new HostRefused({ table, reason: `${message}; write another value`, isValue: true }, error);
  // Raised by a trigger of the host's, or by what such a trigger may not do as us.
  if (code === 'P0001' || code === '42501') return new HostRefused({ table, reason: triggered(message) }, error);
  return null;
}

const needed = (column: string) =>
  `its column ${column} may not be empty, and this call has nothing for it; let whoever owns the table write the order, or give the column a default or let it be null`;
const forbidden = (rule: string) =>
  `its rule ${rule} forbids it; let whoever owns the table write the order, or change that rule`;
const triggered = (message: string) => `${message}; ask whoever owns the table and its triggers`;
