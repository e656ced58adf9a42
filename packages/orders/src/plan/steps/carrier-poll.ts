/** A parcel is with a carrier that is asked: looked after by the ladder until somebody says how it ended. */
import { isPolled } from '../../carrier/polled.ts';
import { findPackage } from '../../model/packages.ts';
import { isDue, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const carrierPoll: Step = {
  candidates: (order) =>
    order.packages
      .filter((parcel) => isPolled(order, parcel))
      .map((parcel) => ({ step: 'carrier_poll', ref: parcel.id, parcel })),
  checks: [notBlocked, isDue],
  owe: ({ ref }) => ({ step: 'carrier_poll', ref }),
  isFinished: (order, { ref }) => {
    const parcel = findPackage(order, ref);
    return !parcel || !isPolled(order, parcel);
  },
};
