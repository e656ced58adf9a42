/**
 * Rows of an import file, each judged on the order that it names: several for one order one after the other, each on what
 * the one before it left. What comes out is what is to be written, and what is told of each row.
 */
import { decideUpdate } from '../doors/instruction.ts';
import type { OrderUpdate, PackageView, UpdatePatch, UpdateRefusal, UpdateView } from '../doors/update.ts';
import type { OrderEvent } from '../model/order.ts';
import type { ImportColumn } from './columns.ts';
import type { ImportRow, Mistake } from './judge-row.ts';
import { whyOrderUnknown } from './read-id.ts';
import { ROW_REFUSALS, shown } from './refusals.ts';

/** A row that is right by itself, and its cells for `refused.csv`. */
export type ComingRow = ImportRow & { readonly cells: readonly string[] };

/** `cells`: as they came, for `refused.csv`; null: it could not be split into the file's columns. */
export type RefusedRow = {
  readonly line: number;
  readonly mistakes: readonly Mistake[];
  readonly cells: readonly string[] | null;
};

export type RowsOrder =
  | { readonly is: 'there'; readonly orderId: string; readonly view: UpdateView }
  /** Somebody else is writing it: its rows wait. */
  | { readonly is: 'held' }
  | { readonly is: 'missing'; readonly what: 'account' | 'order' };

export type FindRowsOrder = (row: ImportRow) => RowsOrder;

/** An order of which rows were accepted; the same view twice where they change nothing. */
export type SaidOfOrder = {
  readonly orderId: string;
  readonly before: UpdateView;
  readonly after: UpdateView;
  readonly events: readonly OrderEvent[];
};

export type TakenRows = {
  readonly accepted: number;
  readonly refused: readonly RefusedRow[];
  readonly held: readonly ComingRow[];
  readonly orders: readonly SaidOfOrder[];
};

/** `file`, `by`: for the events. */
export type RowsSender = { readonly file: string; readonly by: string | null; readonly now: Date };

export function takeRows(rows: readonly ComingRow[], find: FindRowsOrder, sender: RowsSender): TakenRows {
  const refused: RefusedRow[] = [];
  const held: ComingRow[] = [];
  const orders = new Map<string, SaidOfOrder>();
  let accepted = 0;
  for (const row of rows) {
    const found = find(row);
    if (found.is === 'held') held.push(row);
    else if (found.is === 'missing') refused.push(refusedRow(row, unknown(row, found.what)));
    else {
      const said = orders.get(found.orderId) ?? nothingSaid(found.orderId, found.view);
      const decided = decideUpdate(said.after, row.update, sender.now);
      if (decided.ok) {
        accepted += 1;
        orders.set(found.orderId, withRow(said, decided.patch, row, sender));
      } else refused.push(refusedRow(row, mistakeOf(decided.refusal)));
    }
  }
  return { accepted, refused, held, orders: [...orders.values()] };
}

const nothingSaid = (orderId: string, view: UpdateView): SaidOfOrder => ({
  orderId,
  before: view,
  after: view,
  events: [],
});

function withRow(said: SaidOfOrder, patch: UpdatePatch, { line }: ImportRow, { file, by }: RowsSender): SaidOfOrder {
  const from = { ...(by !== null && { by }), file, line };
  const events = patch.events.map((event): OrderEvent => ({ ...event, data: { ...event.data, ...from } }));
  return { ...said, after: applied(said.after, patch), events: [...said.events, ...events] };
}

function applied(view: UpdateView, { order, packages }: UpdatePatch): UpdateView {
  // Of one package more may be said than one thing: its number, and its end.
  const saidOf = (parcel: PackageView) => packages.filter(({ packageId }) => packageId === parcel.packageId);
  const withSaid = (parcel: PackageView): PackageView =>
    Object.assign({}, parcel, ...saidOf(parcel).map(({ fields }) => fields));
  return { ...view, ...order, packages: packages.length === 0 ? view.packages : view.packages.map(withSaid) };
}

const refusedRow = ({ line, cells }: ComingRow, mistake: Mistake): RefusedRow => ({ line, mistakes: [mistake], cells });

const unknown = ({ account, orderNumber }: ImportRow, what: 'account' | 'order'): Mistake =>
  what === 'account'
    ? { field: 'account', value: shown(account), reason: ROW_REFUSALS.accountUnknown() }
    : { field: 'order_number', value: shown(orderNumber), reason: whyOrderUnknown(orderNumber) };

const mistakeOf = ({ field, value, reason }: UpdateRefusal): Mistake => ({
  field: COLUMN_OF[field],
  value: shown(value ?? ''),
  reason,
});

const COLUMN_OF = {
  status: 'status',
  occurredAt: 'occurred_at',
  packageId: 'package_id',
  trackingNumber: 'tracking_number',
  carrier: 'carrier',
  carrierTrackingNumber: 'carrier_tracking_number',
  reason: 'reason',
  // No row has one.
  requestId: 'status',
} as const satisfies Record<keyof OrderUpdate, ImportColumn>;

/** Rows of an order that cannot be written, by what the database says of it. */
export const rowsNotWritten = (rows: readonly ComingRow[], why: string): RefusedRow[] =>
  rows.map((row) =>
    refusedRow(row, { field: 'row', value: shown(row.orderNumber), reason: ROW_REFUSALS.orderNotWritten(shown(why)) }),
  );
