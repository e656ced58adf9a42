/** What kinds of orders a demonstration has. */
import type { NewOrder } from './lazada.ts';

export const ACCOUNTS = [
  { name: 'demo-sg', country: 'SG' },
  { name: 'demo-th', country: 'TH' },
] as const;

export type Story = NewOrder & { account: (typeof ACCOUNTS)[number]['name'] };

/** Orders that go through by themselves. Their invoices come in all the forms in which Lazada sends them. */
const SMOOTH: readonly Story[] = [
  { account: 'demo-sg', items: 1, script: {} },
  { account: 'demo-th', items: 2, script: { invoice: { kind: 'html', language: 'th' } } },
  { account: 'demo-sg', items: 3, script: { invoice: { kind: 'iframe' } } },
  { account: 'demo-th', items: 1, script: {} },
];

export const smoothStory = (n: number): Story => SMOOTH[n % SMOOTH.length] as Story;

/** Its number comes too late for the first looks. */
export const LATE_NUMBER: Story = { account: 'demo-sg', items: 1, script: { trackingAfterSeconds: 45 } };
/** Lazada has no invoice yet when it is first asked. */
export const LATE_INVOICE: Story = { account: 'demo-sg', items: 2, script: { invoice: { readyAfterSeconds: 60 } } };
