/** What kinds of orders a demonstration has. */
import type { NewOrder } from './lazada.ts';

export const ACCOUNTS = [
  { name: 'demo-sg', country: 'SG' },
  { name: 'demo-th', country: 'TH' },
] as const;

export type Scenario = NewOrder & { account: (typeof ACCOUNTS)[number]['name'] };

/** Orders that go through by themselves. Their invoices come in all the forms in which Lazada sends them. */
const SMOOTH: readonly Scenario[] = [
  { account: 'demo-sg', items: 1, script: {} },
  { account: 'demo-th', items: 2, script: { invoice: { kind: 'html', language: 'th' } } },
  { account: 'demo-sg', items: 3, script: { invoice: { kind: 'iframe' } } },
  { account: 'demo-th', items: 1, script: {} },
];

export const smoothScenario = (n: number): Scenario => SMOOTH[n % SMOOTH.length] as Scenario;

/** Its number comes too late for the first looks. */
export const LATE_NUMBER: Scenario = { account: 'demo-sg', items: 1, script: { trackingAfterSeconds: 45 } };
/** Lazada has no invoice yet when it is first asked. */
export const LATE_INVOICE: Scenario = { account: 'demo-sg', items: 2, script: { invoice: { readyAfterSeconds: 60 } } };
