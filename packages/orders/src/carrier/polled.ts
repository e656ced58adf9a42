/** Which parcels a carrier is asked about. */
import { traitsOf } from '../model/drivers.ts';
import type { Order, Package } from '../model/order.ts';
import { isAskedToEnd } from '../model/standing.ts';

/** Under its name in our rows; null: nobody named one together with its number. */
export function carrierOf({ carrier, carrierTrackingNumber }: Package): { name: string; number: string } | null {
  const [name, number] = [carrier?.trim().toLowerCase(), carrierTrackingNumber?.trim()];
  return name && number ? { name, number } : null;
}

/** On its way, with a carrier that is asked, and nobody has said how it ended: a person's word needs no other. */
export function isPolled(order: Order, parcel: Package): boolean {
  const carrier = carrierOf(parcel);
  if (!carrier || !order.carriersAsked.includes(carrier.name) || !isOnItsWay(order, parcel)) return false;
  return !isAskedToEnd(order, parcel, 'delivered') && !isAskedToEnd(order, parcel, 'not_delivered');
}

/** Where `shipped` is not reported, a parcel that is ready is as far as it comes before its end. */
const isOnItsWay = ({ account }: Order, { state }: Package): boolean =>
  state === 'shipped' || (state === 'ready_to_ship' && !traitsOf(account).reportsShipped);
