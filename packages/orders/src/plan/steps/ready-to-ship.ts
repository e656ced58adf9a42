/** The host wants it ready to ship: Pack and RTS, until every item that the fleet carries is ready or further. */
import { isAllocationWaitOver } from '../../model/allocation.ts';
import type { Order, StepRow } from '../../model/order.ts';
import { findPackage } from '../../model/packages.ts';
import { isLive, isPackableStatus, isReady, isShippable, reaches } from '../../model/status.ts';
import { shippingWork } from '../../records/ready-to-ship.ts';
import type { Candidate } from '../checks/check.ts';
import { cancelPending, hasSofItems } from '../checks/holds.ts';
import { isAllocated, isDue, notBlocked } from '../checks/turns.ts';
import type { Step } from './step.ts';

export const readyToShip: Step = {
  candidates: (order, { force }) => (isAskedToShip(order) ? [...whole(order, force), ...refused(order, force)] : []),
  checks: [cancelPending, hasSofItems, notBlocked, isAllocated, isDue],
  owe: () => ({ step: 'ready_to_ship', ref: '' }),
  isFinished: (order, row) =>
    !order.updateShipping ||
    (row.ref !== '' && elementIsReady(order, row.ref)) ||
    isAllocationWaitOver(row, order.account),
};

const isAskedToShip = (order: Order): boolean => order.updateShipping && order.toolStatus === 'ready_for_delivery';

/** The order, while anything of it can be tried, or none of it is known. */
function whole(order: Order, force: boolean): Candidate[] {
  const shippable = order.items?.filter(isShippable) ?? [];
  const { toPack, toSetReady, waiting } = shippingWork(order, { force });
  const left = toPack.length + toSetReady.length + waiting.length > 0;
  const nothingLeft = shippable.length > 0 && !left && !shippable.every(isReady);
  return nothingLeft ? [] : [{ step: 'ready_to_ship', ref: '' }];
}

/** Each element that Lazada refused for good. */
const refused = (order: Order, force: boolean): Candidate[] =>
  order.steps.filter((row) => isRefusal(row) && !force).map(({ ref }) => ({ step: 'ready_to_ship', ref }));

const isRefusal = ({ step, ref, blocked }: StepRow) => step === 'ready_to_ship' && ref !== '' && blocked;

/** An item or package that was refused, and has become ready or was cancelled since. */
function elementIsReady(order: Order, ref: string): boolean {
  const parcel = findPackage(order, ref);
  if (parcel) return reaches(parcel.state, 'ready_to_ship');
  const item = order.items?.find((one) => one.orderItemId === ref);
  return !item || !isLive(item) || !isPackableStatus(item);
}
