/** The generated part of `docs/architecture.md`: states of packages and orders, and the ladders, as the rules have them. */
import type { Order, Package, PackageState } from '../model/order.ts';
import { PACKAGE_STATES } from '../model/order.ts';
import { newPackage } from '../model/packages.ts';
import {
  CANCEL_PENDING,
  CARRIER,
  CONFIRM,
  DAY,
  HOUR,
  MINUTE,
  MOST_UNKNOWN,
  RETRIES,
  readBackAfter,
  SCHEDULES,
  type Schedule,
  SECOND,
} from '../model/schedules.ts';
import { advance, rollUp } from '../model/status.ts';

export const BEGIN = '<!-- states: made by packages/orders/src/write-state-docs.ts -->';
export const END = '<!-- /states -->';

/** What we do ourselves; every other step is only ever shown by Lazada. */
const OURS: Readonly<Record<string, string>> = {
  'packed ready_to_ship': 'package RTS, or shown',
  'ready_to_ship shipped': 'shipped accepted, or shown',
  'ready_to_ship delivered': 'delivered accepted (driver dbs), or shown',
  'ready_to_ship not_delivered': 'not_delivered accepted (driver dbs), or shown',
  'shipped delivered': 'delivered accepted, or shown',
  'shipped not_delivered': 'not_delivered accepted, or shown',
};

const packageChart = (): string[] => [
  '```mermaid',
  'stateDiagram-v2',
  '  [*] --> packed: Pack, or shown',
  ...PACKAGE_STATES.flatMap((from) =>
    PACKAGE_STATES.filter((shown) => shown !== from && advance(from, shown) === shown).map(
      (to) => `  ${from} --> ${to}: ${OURS[`${from} ${to}`] ?? 'shown'}`,
    ),
  ),
  '  shipped --> ready_to_ship: a new tracking number',
  '```',
];

const inStates = (states: readonly PackageState[]): Package[] =>
  states.map((state, index) => newPackage({ packageId: `FP${index}`, state }));
const item = { orderItemId: '1', packageId: null, sof: true, digital: false, cancelPending: false };
const itemsOf = (status: string): Order['items'] => [{ ...item, status }];

const ORDER_STATES: readonly (readonly [what: string, states: readonly PackageState[], items: Order['items']])[] = [
  ['none, no item read or one alive', [], itemsOf('pending')],
  ['none, every item cancelled', [], itemsOf('canceled')],
  ...PACKAGE_STATES.filter((state) => state !== 'cancelled').map((state) => [`all ${state}`, [state], null] as const),
  ['all cancelled', ['cancelled'], itemsOf('canceled')],
  ['one packed, one shipped', ['packed', 'shipped'], null],
  ['one shipped, one delivered', ['shipped', 'delivered'], null],
  ['one delivered, one not_delivered', ['delivered', 'not_delivered'], null],
  ['one delivered, one cancelled', ['delivered', 'cancelled'], null],
];

const orderTable = (): string[] => [
  '| its packages | the order is |',
  '|---|---|',
  ...ORDER_STATES.map(([what, states, items]) => `| ${what} | \`${rollUp({ packages: inStates(states), items })}\` |`),
];

const UNITS = [
  [DAY, 'd'],
  [HOUR, 'h'],
  [MINUTE, 'min'],
  [SECOND, 's'],
] as const;
/** `30 s`, `2 min`, `24 h`: days from two of them on. */
function span(ms: number): string {
  const [size, unit] = UNITS.find(([of]) => ms % of === 0 && (of !== DAY || ms > DAY)) ?? [SECOND, 's'];
  return `${ms / size} ${unit}`;
}
const EVERY: Readonly<Record<number, string>> = { [HOUR]: 'hourly', [DAY]: 'daily' };

/** `30 s, 2 min, then hourly`. */
export const rungs = ({ delays, every }: Schedule): string =>
  `${isLong(delays) ? evenly(delays) : delays.map(span).join(', ')}, then ${EVERY[every] ?? `every ${span(every)}`}`;
/** Nobody reads seventy of them, and they are evenly spaced. */
const isLong = (delays: readonly number[]) => delays.length > 10;
const evenly = (delays: readonly number[]) => `every ${span(delays[0] ?? 0)} for ${span(delays.at(-1) ?? 0)}`;
const end = ({ until }: Schedule): string => (Number.isFinite(until) ? span(until) : 'never');

export const LADDERS: Readonly<Record<string, Schedule>> = {
  ...SCHEDULES,
  confirm: CONFIRM,
  cancel_pending: CANCEL_PENDING,
  carrier: CARRIER,
};

const readBacks = Array.from({ length: MOST_UNKNOWN }, (_, index) => span(readBackAfter(index + 1))).join(', ');
const ladderTable = (): string[] => [
  '| ladder | rungs, from the beginning of the wait | given up after |',
  '|---|---|---|',
  ...Object.entries(LADDERS).map(([name, schedule]) => `| ${name} | ${rungs(schedule)} | ${end(schedule)} |`),
  `| read_back | ${readBacks}, each for one more unknown in a row | ${MOST_UNKNOWN} in a row |`,
  `| tries | ${RETRIES.sameJob} within about 90 s, then ${RETRIES.later.map(span).join(', ')} apart | try ${RETRIES.sameJob + RETRIES.later.length + 1} |`,
];

export const stateDocs = (): string =>
  [BEGIN, '', ...packageChart(), '', ...orderTable(), '', ...ladderTable(), '', END].join('\n');

/** The page with its generated part made anew. @throws Error where the page has no such part */
export function withStates(page: string): string {
  const [from, to] = [page.indexOf(BEGIN), page.indexOf(END)];
  if (from < 0 || to < from) throw new Error(`the page has no part between "${BEGIN}" and "${END}"`);
  return page.slice(0, from) + stateDocs() + page.slice(to + END.length);
}
