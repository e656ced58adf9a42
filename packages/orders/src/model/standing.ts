/** What the host says of an order's end, how long it stands, and when its flags go back to 0 by our hand. */
import type { Change, EndStatus, Instruction, Order, Package } from './order.ts';
import { ownInstruction } from './packages.ts';
import { isOpen, otherEnd } from './status.ts';

export const instructionOf = (order: Order, end: EndStatus): Instruction =>
  end === 'delivered' ? order.delivered : order.notDelivered;

/**
 * It speaks for every open package and for those that appear later: said and not yet done, or done once already. Once
 * done it stands only with its time: a host that empties the time takes it back for what has not ended yet.
 */
export const stands = ({ flag, at, sentAt }: Instruction): boolean => flag || (sentAt !== null && at !== null);

/** Whether this package is to end this way: by the order's instruction or its own. */
export const isAskedToEnd = (order: Order, parcel: Package, end: EndStatus): boolean =>
  isOpen(parcel) && (stands(instructionOf(order, end)) || ownInstruction(parcel, end) !== null);

/** When the package's end happened, if that end is asked for; its own instruction goes before the order's. */
export function endTime(order: Order, parcel: Package, end: EndStatus): Date | null {
  const instruction = instructionOf(order, end);
  return ownInstruction(parcel, end) ?? (stands(instruction) ? instruction.at : null);
}

export function withInstruction(order: Order, end: EndStatus, fields: Partial<Instruction>): Order {
  return end === 'delivered'
    ? { ...order, delivered: { ...order.delivered, ...fields } }
    : { ...order, notDelivered: { ...order.notDelivered, ...fields } };
}

/** Every item is cancelled: nothing is asked of the order any more. */
export function withoutFlags(order: Order): Change {
  const { delivered, notDelivered, updateShipping } = order;
  if (!delivered.flag && !notDelivered.flag && !updateShipping) return { order, events: [] };
  const taken = (['delivered', 'not_delivered'] as const).filter((end) => instructionOf(order, end).flag);
  const cleared = taken.reduce((rest, end) => withInstruction(rest, end, { flag: false, at: null }), order);
  return { order: { ...cleared, updateShipping: false }, events: [{ kind: 'cancelled', data: { taken } }] };
}

/** A flag is done when its end is every package's end; the instruction stands for packages that appear later. */
export function clearDoneFlag(order: Order, end: EndStatus, now: Date): Order {
  if (!instructionOf(order, end).flag) return order;
  const done =
    order.packages.some((parcel) => parcel.state === end) &&
    !order.packages.some((parcel) => isOpen(parcel) || parcel.state === otherEnd(end));
  return done ? withInstruction(order, end, { flag: false, sentAt: now }) : order;
}
