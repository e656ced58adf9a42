/** `delivered` and `not_delivered`: an instruction stands, and every open package has to end its way. */
import type { EndStatus, Order, Package } from '../../model/order.ts';
import { findPackage, ownInstruction } from '../../model/packages.ts';
import { endTime, instructionOf, isAskedToEnd } from '../../model/standing.ts';
import { isEnd, otherEnd } from '../../model/status.ts';
import type { Candidate } from '../checks/check.ts';
import {
  cancelPending,
  hasNumber,
  hasSofItems,
  inOrder,
  isReadyToShip,
  isReleased,
  noConflict,
} from '../checks/holds.ts';
import { isDue, noOpenAttempt, notBlocked, shippedFirst } from '../checks/turns.ts';
import { oweReport } from './report.ts';
import type { Step } from './step.ts';

const endStep = (end: EndStatus): Step => ({
  candidates: (order) => {
    const ofPackages = order.packages.filter((parcel) => isAsked(order, parcel, end));
    return ofPackages.length > 0 ? ofPackages.map((parcel) => ofPackage(order, parcel, end)) : ofOrder(order, end);
  },
  checks: [
    cancelPending,
    noConflict,
    hasSofItems,
    isReadyToShip,
    inOrder,
    hasNumber,
    isReleased,
    shippedFirst,
    noOpenAttempt,
    notBlocked,
    isDue,
  ],
  owe: oweReport,
  isFinished: (order, { ref }) => {
    const parcel = findPackage(order, ref);
    return !parcel || !isAskedToEnd(order, parcel, end);
  },
});

export const delivered = endStep('delivered');
export const notDelivered = endStep('not_delivered');

const occurred = (at: Date | null) => (at ? { occurredAt: at } : {});

const ofPackage = (order: Order, parcel: Package, end: EndStatus): Candidate => ({
  step: end,
  ref: parcel.id,
  parcel,
  ...occurred(endTime(order, parcel, end)),
});

/** An instruction that finds no package: the order itself waits or contradicts, unless it is done. */
function ofOrder(order: Order, end: EndStatus): Candidate[] {
  const { flag, at } = instructionOf(order, end);
  const done =
    order.packages.some(({ state }) => isEnd(state)) && !order.packages.some(({ state }) => state === otherEnd(end));
  return flag && !done ? [{ step: end, ref: '', ...occurred(at) }] : [];
}

const isAsked = (order: Order, parcel: Package, end: EndStatus): boolean =>
  isAskedToEnd(order, parcel, end) || (parcel.state === otherEnd(end) && ownInstruction(parcel, end) !== null);
