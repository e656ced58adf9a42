/** Statuses that were accepted, whichever way they came. */

import type { Accepted, Package, SofStatus } from '../world/model.ts';
import type { SimulatorState } from './simulator-state.ts';

/** Writes the status down with the package and counts it; the second one of the same status is a duplicate. */
export function accept(
  state: SimulatorState,
  parcel: Package,
  { status, via, timestamp = null }: { status: SofStatus; via: Accepted['via']; timestamp?: string | null },
): void {
  const accepted = { status, via, timestamp, at: state.world.now(), duplicate: isAccepted(parcel, status) };
  parcel.accepted.push(accepted);
  state.counter.accepted(accepted);
}

export function isAccepted(parcel: Package, status: SofStatus): boolean {
  return parcel.accepted.some((earlier) => earlier.status === status);
}
