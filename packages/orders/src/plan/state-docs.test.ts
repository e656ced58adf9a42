import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { anItem, anOrder, aPackage, readItem, T0 } from '../model/order.fixture.ts';
import { recordItems } from '../records/record-items.ts';
import { BEGIN, LADDERS, rungs, withStates } from './state-docs.ts';
import { CATALOG } from './steps/catalog.ts';

const page = readFileSync(new URL('../../../../docs/architecture.md', import.meta.url), 'utf8');

// Where it fails: node packages/orders/src/write-state-docs.ts writes that part anew.
test('docs/architecture.md says the states and ladders that the rules have', () => {
  expect(page).toBe(withStates(page));
});

test('a page without that part is refused in words', () => {
  expect(() => withStates('# Architecture')).toThrow(`no part between "${BEGIN}"`);
});

test('a new tracking number makes a shipped package ready to ship, as the chart says', () => {
  const packages = [aPackage({ state: 'shipped', shippedAt: T0, shippedSentAt: T0 })];
  const change = recordItems(anOrder({ packages, items: [anItem()] }), [readItem({ trackingNumber: 'TN2' })], T0, T0);
  expect(change?.order.packages).toMatchObject([{ state: 'ready_to_ship' }]);
});

/** By the names in its first cell. */
const rows = [...page.matchAll(/^\| ((?:`\w+`(?:, )?)+) \| (.*) \| (.*) \|$/gm)].map(
  ([, names = '', , ladder = '']) => ({ names: [...names.matchAll(/\w+/g)].map(([name]) => name), ladder }),
);
const ladderOf = (step: string) => rows.find(({ names }) => names.includes(step))?.ladder;

test('the table of steps names each step once, in the order of the catalog', () => {
  const known = Object.keys(CATALOG).filter((step) => step !== 'read_back');
  const listed = rows.flatMap(({ names }) => names).filter((name) => known.includes(name));
  expect(listed.toSorted()).toEqual(known.toSorted());
});

test.each([
  ['tracking', 'tracking'],
  ['confirm', 'confirm'],
  ['invoice_fetch', 'invoice'],
  ['look', 'cancel_pending'],
  ['carrier_poll', 'carrier'],
] as const)('the row of %s has the rungs of the ladder %s', (step, ladder) => {
  const schedule = LADDERS[ladder];
  if (!schedule) throw new Error(`there is no ladder ${ladder}`);
  expect(ladderOf(step)).toContain(rungs(schedule));
});
