/** The rows of steps that failed, wait or are blocked: found, written and taken away. */
import type { Order, StepName, StepRow } from './order.ts';

export type StepKey = { readonly step: StepName; readonly ref: string };

export const findRow = (order: Order, { step, ref }: StepKey): StepRow | undefined =>
  order.steps.find((row) => row.step === step && row.ref === ref);

export function dropRows(order: Order, done: (row: StepRow) => boolean): Order {
  const steps = order.steps.filter((row) => !done(row));
  return steps.length === order.steps.length ? order : { ...order, steps };
}

export const dropRow = (order: Order, key: StepKey): Order =>
  dropRows(order, (row) => row.step === key.step && row.ref === key.ref);

/** Since when a step fails or waits for this reason: another reason begins anew, and has its ladder to itself. */
export const sinceOf = (row: StepRow | undefined, errorCode: string | null, now: Date): Date =>
  row && (row.errorCode === null || row.errorCode === errorCode) ? row.since : now;

/** Writes what is given over the step's row, which begins now if there was none, or if its reason is another one. */
export function putRow(order: Order, key: StepKey, now: Date, fields: Partial<Omit<StepRow, 'step' | 'ref'>>): Order {
  const old = findRow(order, key);
  const fresh = { dueAt: null, since: now, tries: 0, blocked: false, errorCode: null, error: null };
  const since = fields.errorCode === undefined ? (old?.since ?? now) : sinceOf(old, fields.errorCode, now);
  const row: StepRow = { ...fresh, ...old, since, ...fields, step: key.step, ref: key.ref };
  return { ...dropRow(order, key), steps: [...dropRow(order, key).steps, row] };
}
