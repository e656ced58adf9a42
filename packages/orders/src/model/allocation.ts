/**
 * Packing waits where nobody has said who carries an account's parcels. It is the account that says why, in its
 * `status_reason`, while it stays active; each order's wait lasts as long as it says the same.
 */
import type { Account, StepRow } from './order.ts';

/** The code of the failure that says so. */
export const UNALLOCATED = 'unknown_provider';

export const waitsForAllocation = (row: StepRow, { statusReason }: Account): boolean =>
  row.errorCode === UNALLOCATED && row.error === statusReason;

/** The account says something else by now, or nothing. */
export const isAllocationWaitOver = (row: StepRow, account: Account): boolean =>
  row.errorCode === UNALLOCATED && !waitsForAllocation(row, account);
