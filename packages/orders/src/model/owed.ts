/** What `plan` answers. */
import type { HoldReason, SentStatus, StepName, Summary } from './order.ts';

/** A status to be reported. `packageId` is Lazada's. */
export type OwedReport = {
  readonly step: SentStatus;
  readonly ref: string;
  readonly packageId: string;
  /** Empty only where the driver needs none. */
  readonly trackingNumber: string;
  readonly occurredAt: Date;
};

/** An attempt whose outcome nobody knows: read the items. `of` is the step that it belongs to. */
export type OwedReadBack = {
  readonly step: 'read_back';
  readonly of: SentStatus;
  readonly ref: string;
  readonly packageId: string;
};

/** Something to do now. `ref` is the step's in `order_lazada_step`. */
export type OwedStep =
  | OwedReport
  | OwedReadBack
  | {
      readonly step: Exclude<StepName, SentStatus> | 'settle';
      readonly ref: string;
      /** Something is held until it is done: it waits for no more callers. */
      readonly hurry?: true;
    };

/** An invoice that is there is looked at again; `ref` names its document. Nothing waits for it. */
export const isRecheck = ({ step, ref }: { readonly step: string; readonly ref: string }): boolean =>
  step === 'invoice_fetch' && ref !== '';

export const isReport = (step: OwedStep): step is OwedReport => 'trackingNumber' in step;

/** A step that a rule makes wait. */
export type Held = {
  readonly reason: HoldReason;
  readonly step: StepName;
  readonly ref: string;
  /** In words: the fact. */
  readonly detail: string;
  /** In words: the way out. */
  readonly fix?: string;
  /** When it ends by itself, where that is known. */
  readonly until?: Date;
};

export type Blocked = { readonly step: StepName; readonly ref: string; readonly detail: string };

export type Plan = {
  /** To do now, in the order in which to do it. Empty while the account is not active. */
  readonly owed: readonly OwedStep[];
  readonly held: readonly Held[];
  readonly blocked: readonly Blocked[];
  /** The earliest time at which a step is owed, as if the account were active; null: none. */
  readonly nextAt: Date | null;
  /** The earliest time at which something is owed that is not owed yet; null: nothing waits. */
  readonly laterAt: Date | null;
  /** The summary that should be stored. */
  readonly summary: Summary;
};
