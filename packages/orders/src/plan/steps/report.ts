/** What the three statuses have in common: how their workers are told what to report. */
import type { SentStatus } from '../../model/order.ts';
import type { OwedReport } from '../../model/owed.ts';
import type { Candidate } from '../checks/check.ts';

export const sentStatusOf = ({ step }: Candidate): SentStatus => {
  if (step === 'shipped' || step === 'delivered' || step === 'not_delivered') return step;
  throw new Error(`step ${step} reports no status`);
};

export const packageIdOf = ({ step, parcel }: Candidate): string => {
  if (!parcel) throw new Error(`step ${step} passed its checks without a package`);
  return parcel.packageId;
};

/** A time is never made up: what has none is held, and does not come as far as this. */
const occurredAtOf = ({ step, occurredAt }: Candidate): Date => {
  if (!occurredAt) throw new Error(`step ${step} passed its checks without the time at which it happened`);
  return occurredAt;
};

export const oweReport = (candidate: Candidate): OwedReport => ({
  step: sentStatusOf(candidate),
  ref: candidate.ref,
  packageId: packageIdOf(candidate),
  trackingNumber: candidate.parcel?.trackingNumber ?? '',
  occurredAt: occurredAtOf(candidate),
});
