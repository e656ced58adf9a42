/** What `plan` answers. */
import type { EndStatus, HoldReason, StepName, Summary } from './order.ts';

/** Something to do now. `ref` is the step's ref in `order_lazada_step`; `packageId` Lazada's id of the package, where it is one. */
export type OwedStep =
  | { readonly step: 'ready_to_ship' | 'look' | 'settle' | 'invoice_fetch'; readonly ref: '' }
  | { readonly step: 'invoice_upload'; readonly ref: string }
  | { readonly step: 'tracking' | 'confirm'; readonly ref: string; readonly packageId: string }
  | {
      readonly step: 'shipped' | EndStatus;
      readonly ref: string;
      readonly packageId: string;
      /** Empty only for driver `dbs`. */
      readonly trackingNumber: string;
      readonly occurredAt: Date;
    }
  /** An attempt whose outcome nobody knows: read the items. `of` is the step that it belongs to. */
  | {
      readonly step: 'read_back';
      readonly of: 'shipped' | EndStatus;
      readonly ref: string;
      readonly packageId: string;
    };

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

export type Blocked = { readonly step: StepName; readonly ref: string; readonly code: string; readonly detail: string };

export type Plan = {
  /** To do now, in the order in which to do it. Empty while the account is not active. */
  readonly owed: readonly OwedStep[];
  readonly held: readonly Held[];
  readonly blocked: readonly Blocked[];
  /** The earliest time at which a step is owed, as if the account were active; null: none. */
  readonly nextAt: Date | null;
  /** The summary that should be stored. */
  readonly summary: Summary;
};
