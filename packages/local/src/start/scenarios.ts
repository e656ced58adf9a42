/** What kinds of orders a demonstration has. */
import type { NewOrder } from './lazada.ts';

export const ACCOUNTS = [
  { name: 'demo-sg', country: 'SG' },
  { name: 'demo-th', country: 'TH' },
] as const;

export type Scenario = NewOrder & { account: (typeof ACCOUNTS)[number]['name'] };

/** An ordinary order's statuses, under the names that have been seen in the field. */
const OTHER_NAMES = { pending: 'topack', ready_to_ship: 'TOSHIP', shipped: 'Shipped', delivered: 'confirmed' };

/** Orders that go through by themselves. Their invoices come in all the forms in which Lazada sends them. */
const SMOOTH: readonly Scenario[] = [
  { account: 'demo-sg', items: 1, script: {} },
  { account: 'demo-th', items: 2, script: { invoice: { kind: 'html', language: 'th' } } },
  { account: 'demo-sg', items: 3, script: { invoice: { kind: 'iframe' } } },
  { account: 'demo-th', items: 1, script: {} },
  { account: 'demo-sg', items: 2, script: { shows: OTHER_NAMES } },
];

export const smoothScenario = (n: number): Scenario => SMOOTH[n % SMOOTH.length] as Scenario;

/** What items have been seen to become of after they were shipped; the last is no status at all, and moves nothing. */
const FIELD_ENDS = [
  'failed_delivery',
  'lost_by_3pl',
  'damaged_by_3pl',
  'damage_by_3pl',
  'package_scrapped',
  'package_returned',
  'shipped_back_success',
  'info_st_domestic_return_at_transit_hub',
  'info_st_domestic_back_to_shipper',
  'returned',
  'cancelled',
  'resting_at_the_hub',
] as const;

/** An order that Lazada shows like this once it was shipped. */
export const fieldScenario = (n: number): Scenario => ({
  account: 'demo-sg',
  items: 1,
  script: { shows: { shipped: FIELD_ENDS[n % FIELD_ENDS.length] as string } },
});

/** Its number comes too late for the first looks. */
export const LATE_NUMBER: Scenario = { account: 'demo-sg', items: 1, script: { trackingAfterSeconds: 45 } };
/** Lazada has no invoice yet when it is first asked. */
export const LATE_INVOICE: Scenario = { account: 'demo-sg', items: 2, script: { invoice: { readyAfterSeconds: 60 } } };
