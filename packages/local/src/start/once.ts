/** `npm start -- --once`: every order to its end, then a table and an exit code. */
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type pg from 'pg';
import { openDisplay } from './display.ts';
import { readNumbers } from './numbers.ts';
import { funnelLines, troubleLines } from './screen.ts';
import type { Demo } from './start-demo.ts';

export type OrderOutcome = {
  account: string;
  orderNumber: string;
  status: string;
  confirmed: boolean;
  invoice: string | null;
  onTarget: boolean;
};

const DEADLINE_MS = 180_000;
const LOOK_MS = 250;

/** Answers true when each order is confirmed and its invoice lies on the target. */
export async function runOnce(demo: Demo, begun: number, stopped: AbortSignal): Promise<boolean> {
  const display = openDisplay(process.stdout.isTTY);
  const end = Date.now() + DEADLINE_MS;
  while (!stopped.aborted && Date.now() < end) {
    await demo.host.markDelivered({ afterSeconds: 0 });
    const numbers = await readNumbers(demo.pool);
    const lines = [...funnelLines(numbers.funnel), ...troubleLines({ numbers, notes: [] })];
    display.show(lines.join('\n'), [{ text: lines.slice(0, 2).join('; ') }]);
    const { orders, confirmed, invoicesUploaded } = numbers.funnel;
    if (orders > 0 && confirmed === orders && invoicesUploaded === orders) break;
    await sleep(LOOK_MS, undefined, { signal: stopped }).catch(() => undefined);
  }
  display.done();
  return report(await readOutcomes(demo.pool, demo.invoices), {
    begun,
    firstShippedAt: (await readNumbers(demo.pool)).funnel.firstShippedAt,
  });
}

async function readOutcomes(pool: pg.Pool, invoices: string): Promise<OrderOutcome[]> {
  const { rows } = await pool.query<Omit<OrderOutcome, 'onTarget'>>(OUTCOMES);
  return Promise.all(
    rows.map(async (row) => ({
      ...row,
      onTarget: row.invoice !== null && (await isThere(join(invoices, row.invoice))),
    })),
  );
}

const OUTCOMES = `
  select a.name as account, h.order_number as "orderNumber", o.status, o.confirmed_at is not null as confirmed,
         (select path from order_lazada_document d where d.order_id = o.order_id and d.uploaded_at is not null
           order by revision desc, part limit 1) as invoice
    from order_lazada o
    join public.orders h on h.id = o.order_id
    join account.lazada a on a.id = h.account_id
   order by a.name, h.order_number`;

const isThere = (path: string): Promise<boolean> =>
  stat(path).then(
    ({ size }) => size > 0,
    () => false,
  );

const isDone = ({ confirmed, onTarget }: OrderOutcome) => confirmed && onTarget;

function report(
  outcomes: readonly OrderOutcome[],
  { begun, firstShippedAt }: { begun: number; firstShippedAt: Date | null },
): boolean {
  console.log(drawSummary(outcomes));
  if (firstShippedAt)
    console.log(`From start to the first order shipped: ${seconds(firstShippedAt.getTime() - begun)}`);
  console.log(`From start to the end: ${seconds(Date.now() - begun)}`);
  return outcomes.length > 0 && outcomes.every(isDone);
}

const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`;

/** A line an account, and one for each order that is not done. */
export function drawSummary(outcomes: readonly OrderOutcome[]): string {
  const accounts = [...new Set(outcomes.map(({ account }) => account))];
  const rows = accounts.map((account) => {
    const its = outcomes.filter((outcome) => outcome.account === account);
    const count = (fits: (outcome: OrderOutcome) => boolean) => String(its.filter(fits).length);
    return [
      account,
      String(its.length),
      count(({ status }) => status === 'delivered'),
      count(({ confirmed }) => confirmed),
      count(({ onTarget }) => onTarget),
    ];
  });
  const undone = outcomes.filter((outcome) => !isDone(outcome));
  return [
    drawTable([['account', 'orders', 'delivered', 'confirmed', 'invoice on target'], ...rows]),
    ...undone.map(
      ({ account, orderNumber, status, confirmed, onTarget }) =>
        `NOT done: ${account} ${orderNumber} is ${status}, ${confirmed ? 'confirmed' : 'not confirmed'}, invoice ${onTarget ? 'on the target' : 'not on the target'}`,
    ),
  ].join('\n');
}

function drawTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
