/**
 * What could be asked of an order, and what a check answers about it. `plan` asks a step's checks in order and stops at the
 * first that fails; `explain` tells them all. A check that fails names the hold, or the time at which it ends by itself, and
 * the way out for a person.
 */
import type { HoldReason, Order, Package, StepName } from '../../model/order.ts';

/** A step of the whole order, or of one of its packages or documents, that could be owed now. */
export type Candidate = {
  readonly step: StepName;
  readonly ref: string;
  readonly parcel?: Package;
  /** When the status happened, for a status to be reported. */
  readonly occurredAt?: Date;
  /** When it is due by nature; absent: at once. */
  readonly dueAt?: Date;
  /** Force brings it forward before that: what holds the order may have gone. */
  readonly sooner?: boolean;
  /** A flag waits for it. */
  readonly hurry?: boolean;
};

export type CheckResult = {
  readonly ok: boolean;
  /** In words, made for whoever reads them: most checks are asked by `plan`, which does not. */
  readonly detail: () => string;
  readonly fix?: string;
  readonly hold?: HoldReason;
  readonly blocked?: boolean;
  /** It ends by itself then. */
  readonly until?: Date;
};

export type Check = {
  readonly name: string;
  readonly ask: (order: Order, candidate: Candidate, context: CheckContext) => CheckResult;
};
export type CheckContext = { readonly now: Date; readonly force: boolean };

export const passed = (detail: () => string): CheckResult => ({ ok: true, detail });
export const iso = (at: Date): string => at.toISOString();
