/** What rows of a file have said of orders, to be written: a statement per table, however many orders. */
import type { OrderEvent, PackageView, SaidOfOrder, UpdateView } from '@lazada-sof/orders';
import { SAID, SAID_OF_HOST, SAID_OF_PACKAGE } from '../orders/order-tables.ts';
import { type EventRow, eventInsert } from '../orders/order-write.ts';
import { type Column, differ, insertion, type RowChange, type Statement, update } from '../sql/bulk.ts';
import { CHANNEL } from '../sql/notify.ts';

/** By whichever door the file came. */
export const IMPORT_SOURCE = 'import';

type Row = UpdateView & { readonly orderId: string; readonly nextAttemptAt: Date | null };

const id = (name: string): Column<Row> => ({ name, type: 'bigint', of: ({ orderId }) => orderId });
const HOST = { table: 'public.orders', key: [id('id')], columns: SAID_OF_HOST };
const OURS = {
  table: 'public.order_lazada',
  key: [id('order_id')],
  columns: [
    ...SAID,
    { name: 'next_attempt_at', type: 'timestamptz', of: ({ nextAttemptAt }) => nextAttemptAt } satisfies Column<Row>,
  ],
};
const PARCELS = {
  table: 'public.order_lazada_package',
  key: [{ name: 'id', type: 'bigint', of: ({ id }) => id } satisfies Column<PackageView>],
  columns: SAID_OF_PACKAGE,
};

/** The statements, in their order. What is owed then is due at once: nobody here hands it on. */
export function saidOf(orders: readonly SaidOfOrder[], now: Date): Statement[] {
  const changed = orders.filter(({ before, after }) => before !== after);
  const moved = changed.filter((one) => isMoved(one)).map((one) => rowChange(one, now));
  return [
    update(PARCELS, changed.flatMap(parcelChanges)),
    // The host's row first: its trigger makes ours due too.
    update(
      HOST,
      moved.filter(({ was, is }) => differ(SAID_OF_HOST, was, is)),
    ),
    update(OURS, moved),
    insertion(eventInsert(IMPORT_SOURCE), orders.flatMap(eventRows)),
    moved.length > 0 ? { text: `select pg_notify('${CHANNEL}', '')`, values: [] } : null,
  ];
}

/** Something of it is another than it was, be it of a package alone. */
const isMoved = (said: SaidOfOrder): boolean =>
  differ([...SAID_OF_HOST, ...SAID], said.before, said.after) || parcelChanges(said).length > 0;

const rowChange = ({ orderId, before, after }: SaidOfOrder, now: Date): RowChange<Row> => ({
  was: { ...before, orderId, nextAttemptAt: null },
  is: { ...after, orderId, nextAttemptAt: now },
});

const parcelChanges = ({ before, after }: SaidOfOrder): RowChange<PackageView>[] =>
  before.packages === after.packages
    ? []
    : after.packages.flatMap((is, index) => {
        const was = before.packages[index];
        return was && differ(SAID_OF_PACKAGE, was, is) ? [{ was, is }] : [];
      });

const eventRows = ({ orderId, after, events }: SaidOfOrder): EventRow[] =>
  events.map((event) => ({ orderId, packageRowId: packageRowOf(after, event), event }));

const packageRowOf = ({ packages }: UpdateView, { packageId }: OrderEvent): string | null =>
  packageId === undefined ? null : (packages.find((one) => one.packageId === packageId)?.id ?? null);
