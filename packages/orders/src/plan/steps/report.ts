/** What the three statuses have in common: how their workers are told what to report. */
import type { SentStatus } from '../../model/order.ts';
import type { OwedReport } from '../../model/owed.ts';
import type { Candidate } from '../check.ts';

export const sentStatusOf = ({ step }: Candidate): SentStatus => {
  if (step === 'shipped' || step === 'delivered' || step === 'not_delivered') return step;
  throw new Error(`step ${step} reports no status`);
};

export const packageIdOf = ({ step, parcel }: Candidate): string => {
  if (!parcel) throw new Error(`step ${step} passed its checks without a package`);
  return parcel.packageId;
};

export const oweReport = (candidate: Candidate): OwedReport => ({
  step: sentStatusOf(candidate),
  ref: candidate.ref,
  packageId: packageIdOf(candidate),
  trackingNumber: candidate.parcel?.trackingNumber ?? '',
  occurredAt: candidate.occurredAt ?? new Date(0),
});
