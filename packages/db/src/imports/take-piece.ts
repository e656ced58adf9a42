/**
 * A piece of an import file is one transaction: the orders that its rows name are held and read, the rows judged, and what
 * they say is written together with how far the import is. So a crash anywhere goes on where it was, nothing twice and
 * nothing lost. Rows of orders that somebody else holds wait in the import's own row and come before those of the next piece.
 */
import {
  type ComingRow,
  type ImportRow,
  type RefusedRow,
  type RowsOrder,
  rowsNotWritten,
  takeRows,
  type UpdateView,
} from '@lazada-sof/orders';
import pg from 'pg';
import type { FoundOrder, OrderName } from '../orders/find-orders.ts';
import { insertion, type Statement, storableJson } from '../sql/bulk.ts';
import { isPassing, type Queryable, withoutCollisions } from '../sql/pool.ts';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { readViews } from './narrow-views.ts';
import { IMPORT_SOURCE, saidOf } from './write-said.ts';

export type TakingImport = {
  readonly importId: string;
  /** Which run of it we are; a later one shuts us out. */
  readonly run: number;
  readonly fileName: string;
  readonly by: string | null;
  readonly dryRun: boolean;
};

export type TakingPiece = {
  /** Those that waited first, then those of the next piece, by line. */
  readonly rows: readonly ComingRow[];
  /** Refused as they were read. */
  readonly refused: readonly RefusedRow[];
  /** Left out: it stays where it was. */
  readonly afterLine?: number;
  /** The file is read to its end. */
  readonly isRead?: boolean;
  /**
   * Ends once the piece before this one is written: nothing of ours is before. It fails where ours is to be taken anew. The
   * two name no order in common, so what is read meanwhile is as the piece before leaves it.
   */
  readonly behind?: () => Promise<void>;
};

export type TakenPiece = { readonly waiting: readonly ComingRow[]; readonly isStopAsked: boolean };

/** Somebody else goes on with it, or it is forgotten. */
export class ImportLost extends Error {
  override readonly name = 'ImportLost';
}

export type TakeTools = {
  readonly pool: pg.Pool;
  readonly findOrders: (names: readonly OrderName[]) => Promise<FoundOrder[]>;
};

/** @throws ImportLost, and what passes with the database */
export const takePiece = (tools: TakeTools, file: TakingImport, piece: TakingPiece): Promise<TakenPiece> =>
  takeOrHalve(tools, file, { ...piece, rest: [] });

/** `rest`: rows that wait, and are not tried now. */
type Part = TakingPiece & { readonly rest: readonly ComingRow[] };

/** A statement that fails undoes the whole piece: it is taken in halves then, so that one bad order stops no other. */
async function takeOrHalve(tools: TakeTools, file: TakingImport, part: Part): Promise<TakenPiece> {
  try {
    return await withoutCollisions(() => takeAtOnce(tools, file, part));
  } catch (error) {
    if (!(error instanceof pg.DatabaseError) || isPassing(error)) throw error;
    const names = [...new Set(part.rows.map(nameOf))];
    if (names.length === 0) throw error;
    if (names.length === 1) {
      const refused = [...part.refused, ...rowsNotWritten(part.rows, error.message)];
      return takeAtOnce(tools, file, { ...part, rows: [], refused });
    }
    const first = new Set(names.slice(0, names.length / 2));
    const { yes = [], no = [] } = Object.groupBy(part.rows, (row) => (first.has(nameOf(row)) ? 'yes' : 'no'));
    const { waiting } = await takeOrHalve(tools, file, { ...part, rows: yes, rest: [...no, ...part.rest] });
    const others = new Set(no.map(({ line }) => line));
    const rest = waiting.filter(({ line }) => !others.has(line));
    return takeOrHalve(tools, file, { rows: no, refused: [], rest });
  }
}

async function takeAtOnce(
  { pool, findOrders }: TakeTools,
  file: TakingImport,
  { rows, refused, rest, afterLine, isRead, behind }: Part,
): Promise<TakenPiece> {
  const ids = await idsOf(findOrders, rows);
  return transaction(pool, { source: IMPORT_SOURCE, whole: true }, async (client) => {
    const { find, now } = await ordersOf(client, ids, file);
    const taken = takeRows(rows, find, { file: file.fileName, by: file.by, now });
    const allRefused = [...refused, ...taken.refused];
    const waiting = byLine([...taken.held, ...rest]);
    const written = [mistakes(file, allRefused), ...(file.dryRun ? [] : saidOf(taken.orders, now))];
    await behind?.();
    const { isStopAsked } = await advance(client, file, {
      accepted: taken.accepted,
      refused: allRefused.length,
      ...{ waiting, afterLine, isRead },
    });
    for (const statement of written) if (statement) client.send(statement.text, statement.values);
    return { waiting, isStopAsked };
  });
}

const byLine = (rows: readonly ComingRow[]): ComingRow[] => rows.toSorted((one, other) => one.line - other.line);

const nameOf = ({ account, orderNumber }: Pick<ImportRow, 'account' | 'orderNumber'>): string =>
  `${account}\0${orderNumber}`;

type Ids = ReadonlyMap<string, FoundOrder>;

async function idsOf(findOrders: TakeTools['findOrders'], rows: readonly ComingRow[]): Promise<Ids> {
  const names = new Map(rows.map((row) => [nameOf(row), row]));
  const found = await findOrders([...names.values()]);
  return new Map([...names.keys()].flatMap((name, at) => (found[at] ? [[name, found[at]]] : [])));
}

/** What a row names, and the database's time. A dry run holds nothing. */
async function ordersOf(client: Transaction, ids: Ids, { dryRun }: TakingImport) {
  const orderIds = [...ids.values()].flatMap((one) => ('orderId' in one ? [one.orderId] : []));
  const views = await readViews(client, orderIds, { hold: !dryRun });
  const [gone, now] = await Promise.all([goneOf(client, orderIds, views), databaseTime(client)]);
  const find = (row: ImportRow): RowsOrder => {
    const found = ids.get(nameOf(row));
    if (!found || 'missing' in found) return { is: 'missing', what: found?.missing ?? 'order' };
    const view = views.get(found.orderId);
    if (view) return { is: 'there', orderId: found.orderId, view };
    return gone.has(found.orderId) ? { is: 'missing', what: 'order' } : { is: 'held' };
  };
  return { find, now };
}

/** Which of those that were not held do not exist; the others are somebody else's at the moment. */
async function goneOf(client: Queryable, orderIds: readonly string[], views: ReadonlyMap<string, UpdateView>) {
  const absent = orderIds.filter((orderId) => !views.has(orderId));
  if (absent.length === 0) return new Set<string>();
  const { rows } = await client.query<{ id: string }>(
    'select order_id::text as id from public.order_lazada where order_id = any ($1::bigint[])',
    [absent],
  );
  const there = new Set(rows.map(({ id }) => id));
  return new Set(absent.filter((orderId) => !there.has(orderId)));
}

async function databaseTime(client: Queryable): Promise<Date> {
  const { rows } = await client.query<{ now: Date }>('select clock_timestamp() as now');
  return rows[0]?.now ?? new Date();
}

type Advance = {
  readonly accepted: number;
  readonly refused: number;
  readonly waiting: readonly ComingRow[];
  readonly afterLine: number | undefined;
  readonly isRead: boolean | undefined;
};

/** Two minutes from now somebody else looks whether it goes on. */
export const LEASE = "clock_timestamp() + interval '2 min'";

const ADVANCE = `
  update public.import_file
     set accepted = accepted + $3, refused = refused + $4, waiting = $5, after_line = coalesce($6, after_line),
         is_read = coalesce($7, is_read), due_at = ${LEASE}
   where id = $1 and runs = $2 and status = 'running'
  returning stop_asked_at is not null as "isStopAsked"`;

/** Before everything else that is written: whoever has lost the import writes nothing. */
async function advance(client: Queryable, { importId, run }: TakingImport, by: Advance) {
  const { rows } = await client.query<{ isStopAsked: boolean }>(ADVANCE, [
    ...[importId, run, by.accepted, by.refused, storableJson(by.waiting)],
    ...[by.afterLine ?? null, by.isRead ?? null],
  ]);
  if (!rows[0]) throw new ImportLost(`import ${importId} is not ours any more`);
  return rows[0];
}

type MistakeRow = {
  readonly line: number;
  readonly field: string;
  readonly value: string;
  readonly reason: string;
  readonly cells: readonly string[] | null;
};

function mistakes({ importId }: TakingImport, refused: readonly RefusedRow[]): Statement {
  const rows = refused.flatMap(({ line, mistakes, cells }) =>
    mistakes.map((one, index): MistakeRow => ({ line, ...one, cells: index === 0 ? cells : null })),
  );
  return insertion<MistakeRow>(
    {
      table: 'public.import_error',
      columns: [
        { name: 'import_id', type: 'bigint', of: () => importId },
        { name: 'line', type: 'int', of: ({ line }) => line },
        { name: 'field', type: 'text', of: ({ field }) => field },
        { name: 'value', type: 'text', of: ({ value }) => value },
        { name: 'reason', type: 'text', of: ({ reason }) => reason },
        { name: 'cells', type: 'jsonb', of: ({ cells }) => cells },
      ],
    },
    rows,
  );
}
