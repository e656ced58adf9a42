/** An attempt whose outcome nobody knows: the items are read. Its failures are rows of the step whose status was sent. */
import { findPackage } from '../../model/packages.ts';
import { isOpenAttempt, readBackAt } from '../../records/attempt.ts';
import { isReadBackDue, notBlocked } from '../checks/turns.ts';
import { packageIdOf, sentStatusOf } from './report.ts';
import type { Step } from './step.ts';

export const readBack: Step = {
  candidates: (order) =>
    order.attempts.filter(isOpenAttempt).flatMap((attempt) => {
      const parcel = findPackage(order, attempt.packageRowId);
      return parcel ? [{ step: attempt.status, ref: parcel.id, parcel, dueAt: readBackAt(order, attempt) }] : [];
    }),
  checks: [notBlocked, isReadBackDue],
  owe: (candidate) => ({
    step: 'read_back',
    of: sentStatusOf(candidate),
    ref: candidate.ref,
    packageId: packageIdOf(candidate),
  }),
  isFinished: () => false,
};
