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

/** Writes what is given over the step's row, which begins now if there was none. */
export function putRow(order: Order, key: StepKey, now: Date, fields: Partial<Omit<StepRow, 'step' | 'ref'>>): Order {
  const fresh = { dueAt: null, since: now, tries: 0, blocked: false, errorCode: null, error: null };
  const row: StepRow = { ...fresh, ...findRow(order, key), ...fields, step: key.step, ref: key.ref };
  return { ...dropRow(order, key), steps: [...dropRow(order, key).steps, row] };
}
