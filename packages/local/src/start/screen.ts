/** The newcomer's screen, as text. */
import { stripVTControlCharacters, styleText } from 'node:util';
import type { Part } from './display.ts';
import type { Funnel, Numbers } from './numbers.ts';
import { type Trouble, troublesOf } from './trouble.ts';

export type Screen = {
  numbers: Numbers;
  /** What else went wrong: a service that ended. */
  notes: readonly Trouble[];
  upSeconds: number;
  queueName: string;
  apiUrl: string;
  simulatorUrl: string;
  databaseUrl: string;
  user: { name: string; password: string };
  apiKey: string;
  invoices: string;
  imports: string;
  logs: string;
};

const MOST_TROUBLES = 8;
const bold = (text: string) => styleText('bold', text);
const dim = (text: string) => styleText('dim', text);
const amber = (text: string) => styleText('yellow', text);

export type Window = { rows: number; columns: number };

/** As much of it as the window holds: fewer troubles first, then the advice, the addresses last. */
export function drawScreen(screen: Screen, window: Window = { rows: 100, columns: 1_000 }): string {
  const drawings = [
    ...[MOST_TROUBLES, 4, 2, 1].map((troubles) =>
      draw(screen, { troubles, rest: [...addressLines(screen), ...indexLines(screen), '', ...tryLines(screen)] }),
    ),
    draw(screen, {
      troubles: 1,
      rest: [...addressLines(screen), '', dim('  Four things to try are shown where the window is larger.')],
    }),
    draw(screen, { troubles: 1, rest: [dim('  Addresses are shown where the window is larger.')] }),
  ];
  return drawings.find((text) => rowsOf(text, window.columns) < window.rows) ?? drawings.at(-1) ?? '';
}

function draw(screen: Screen, { troubles, rest }: { troubles: number; rest: readonly string[] }): string {
  const { numbers, upSeconds, queueName } = screen;
  return [
    `${bold('Lazada Seller Own Fleet')}  ${dim(`up ${upSeconds} s, queue: ${queueName}, Ctrl-C stops everything`)}`,
    '',
    ...funnelLines(numbers.funnel).map((line) => `  ${line}`),
    '',
    ...troubleLines(screen, troubles),
    '',
    ...rest,
  ].join('\n');
}

function rowsOf(text: string, columns: number): number {
  const widths = stripVTControlCharacters(text)
    .split('\n')
    .map((line) => line.length);
  return widths.reduce((rows, width) => rows + Math.max(1, Math.ceil(width / columns)), 0);
}

/** The same in parts, for where nothing can be redrawn. What to try waits until all of it can be tried. */
export function screenLines(screen: Screen): Part[] {
  const { numbers } = screen;
  const canTry = numbers.shippedOrder !== null && numbers.orders.length > 0;
  return [
    { name: 'addresses', text: addressLines(screen).join('\n') },
    { text: funnelLines(numbers.funnel).join('; ') },
    ...indexLines(screen).map((text) => ({ text })),
    ...troubleLines(screen).map((text) => ({ text })),
    ...(canTry ? [{ name: 'to try', text: tryLines(screen).join('\n') }] : []),
  ];
}

/** Two lines: the orders' way and the invoices' way. */
export function funnelLines(funnel: Funnel): string[] {
  const way = (steps: readonly [string, number][]) =>
    steps.map(([name, count]) => `${name} ${bold(String(count))}`).join(' → ');
  return [
    way([
      ['Orders', funnel.orders],
      ['ready to ship', funnel.readyToShip],
      ['tracking known', funnel.trackingKnown],
      ['shipped', funnel.shipped],
      ['delivered', funnel.delivered],
      ['confirmed', funnel.confirmed],
    ]),
    `Invoices ${way([
      ['fetched', funnel.invoicesFetched],
      ['uploaded', funnel.invoicesUploaded],
    ])}, manifests of days that are over ${bold(String(funnel.manifests))}`,
  ];
}

export function troubleLines({ notes, numbers }: Pick<Screen, 'notes' | 'numbers'>, most = MOST_TROUBLES): string[] {
  const troubles = [...notes, ...troublesOf(numbers)];
  if (troubles.length === 0) return [dim('  Nothing is in trouble.')];
  const shown = troubles.slice(0, most).map((trouble) => `  ${amber('!')} ${troubleLine(trouble)}`);
  const more = troubles.length - shown.length;
  return more > 0 ? [...shown, dim(`    and ${more} more`)] : shown;
}

const troubleLine = ({ what, heals }: Trouble): string => `${what}\n      ${styleText('dim', `heals: ${heals}`)}`;

function addressLines({ apiUrl, simulatorUrl, databaseUrl, user, invoices, imports, logs }: Screen): string[] {
  return [
    `  API page         ${apiUrl}/docs`,
    `  Queue dashboard  ${apiUrl}/queues   user ${bold(user.name)}, password ${bold(user.password)}`,
    `  Simulated Lazada ${simulatorUrl}/`,
    `  Invoices (PDF)   ${invoices}`,
    `  Import folder    ${imports}   drop a CSV or .xlsx; processed/ has what came of it`,
    `  Database         ${databaseUrl}`,
    `  Logs             ${logs}`,
  ];
}

/** Of a day that is over: there is none until the scheduler has looked at the clock. */
function indexLines({ numbers, invoices }: Screen): string[] {
  if (numbers.newestIndex === null) return [];
  const { account, day, path } = numbers.newestIndex;
  return [
    `  Yesterday's index ${invoices}/${path}`,
    dim(`     anew, with the invoices that came since: npm run sof -- index re-upload ${account} ${day}`),
  ];
}

function tryLines({ numbers, simulatorUrl, apiUrl, apiKey }: Screen): string[] {
  const shipped = numbers.shippedOrder;
  const asked = numbers.orders.find(({ kind }) => kind === 'held') ??
    numbers.orders[0] ?? { account: 'ACCOUNT', orderNumber: 'ORDER_NUMBER' };
  return [
    bold('  Four things to try, in a second terminal in this folder:'),
    '  1. An order has arrived: tell it in SQL, as the host system does',
    shipped === null
      ? WAITS
      : `     node packages/local/sql.mjs "update order_lazada set update_delivered = 1, delivered_at = now() where order_id = ${shipped.orderId}"`,
    '  2. The same over HTTP, as any other system does',
    shipped === null
      ? WAITS
      : `     curl -X POST ${apiUrl}/v1/orders/${shipped.account}/${shipped.orderNumber}/status -H 'authorization: Bearer ${apiKey}' -H 'content-type: application/json' -d '${DELIVERED}'`,
    '  3. Why was this not sent?',
    `     npm run sof -- order explain ${asked.account} ${asked.orderNumber}`,
    '  4. Break Lazada once, then retry the failed job in the dashboard',
    `     curl -X POST ${simulatorUrl}/faults -H 'content-type: application/json' -d '${BREAK}'`,
  ];
}

const WAITS = dim('     (waits for the first shipped order)');
const DELIVERED = JSON.stringify({ status: 'delivered' });

/** A refusal that no repetition cures. */
const BREAK = JSON.stringify({
  api: 'sof',
  path: 'sof/status',
  status: 400,
  body: { message: 'broken by hand' },
  times: 1,
});
