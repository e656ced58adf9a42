/** A step as it is declared: once, in a file of its own, and entered in the catalog. */
import type { HoldReason, Order, StepRow } from '../../model/order.ts';
import type { Held, OwedStep } from '../../model/owed.ts';
import type { Candidate, Check } from '../checks/check.ts';

export type Circumstances = {
  /** Somebody wants it sent now: also what was given up, and the invoice that is there already. */
  readonly force: boolean;
  /** For what something of the steps that stand before it in the catalog is held, and what else is noticed. */
  readonly holds: readonly HoldReason[];
  /** Something of them was given up. */
  readonly isBlocked: boolean;
};

export type Step = {
  /** Everything of it that could be owed now. */
  readonly candidates: (order: Order, circumstances: Circumstances) => readonly Candidate[];
  /** What may stand in its way, in the order in which holds are named. */
  readonly checks: readonly Check[];
  /** What its worker is told. Asked only of a candidate that passed every check. */
  readonly owe: (candidate: Candidate) => OwedStep;
  /** The row of a failure or wait has no meaning any more. */
  readonly isFinished: (order: Order, row: StepRow) => boolean;
  /** What a person should know of it although it stops nothing. */
  readonly notices?: (order: Order, now: Date) => readonly Held[];
};
