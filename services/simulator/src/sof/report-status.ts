/** The SOF module's one call: it reports a package's status. */
import { accept, isAccepted } from '../server/accepted.ts';
import type { Answer, Call, Endpoint } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import { isOver } from '../world/accounts.ts';
import type { Account, Order, Package, SofStatus } from '../world/model.ts';
import { change, liveItemsOf } from '../world/orders.ts';
import { type ItemEvent, type ItemStatus, move } from '../world/state-machine.ts';
import { bearer, bodyFields, readBody, refusable } from './request.ts';

const EVENTS: Record<SofStatus, ItemEvent> = { shipped: 'ship', delivered: 'deliver', not_delivered: 'fail' };
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;

export function sofStatus(state: SimulatorState): Endpoint {
  return {
    api: 'sof',
    name: 'sof/status',
    accountOf: (call) => state.world.byToken('sofTokens', bearer(call))?.account.sellerId ?? null,
    oneAtATime: (call) => String(bodyFields(call).tracking_number ?? ''),
    handle: (call) => refusable(call, () => report(state, call)),
  };
}

function report(state: SimulatorState, call: Call): Answer {
  const account = authorised(state, call);
  const body = readBody(call, ['status', 'tracking_number', 'timestamp']);
  const status = statusOf(body.status);
  if (!TIMESTAMP.test(body.timestamp ?? '') || Number.isNaN(Date.parse(body.timestamp ?? '')))
    throw new Refusal(
      'bad_parameter',
      '400',
      `timestamp ${body.timestamp} is not of the form 2026-01-31T12:00:00+00:00`,
    );
  const { order, parcel } = findPackage(state, account, body.tracking_number ?? '');
  apply(state, order, parcel, status, body.timestamp ?? '');
  return { status: 202, body: '' };
}

function authorised(state: SimulatorState, call: Call): Account {
  const header = String(call.headers.authorization ?? '');
  if (!header.startsWith('JWT '))
    throw new Refusal('wrong_authorization', '401', 'Authentication credentials were not provided.');
  const found = state.world.byToken('sofTokens', bearer(call));
  if (!found) throw new Refusal('unknown_token', '401', 'Error decoding signature.');
  if (isOver(state.world, found.token))
    throw new Refusal('expired_token', '401', 'Signature has expired.', { asked: found.token.revoked });
  return found.account;
}

function statusOf(status: string | undefined): SofStatus {
  if (status && Object.hasOwn(EVENTS, status)) return status as SofStatus;
  throw new Refusal('unknown_status', '400', `${status} is not registered in the system`);
}

function findPackage(
  state: SimulatorState,
  account: Account,
  trackingNumber: string,
): { order: Order; parcel: Package } {
  const found = state.world.byTrackingNumber(trackingNumber);
  const missing = (asked: boolean) =>
    new Refusal('unknown_tracking_number', '400', `tracking number ${trackingNumber} doesn't exist`, { asked });
  if (!found || found.order.sellerId !== account.sellerId || found.package.replaced) throw missing(false);
  const { order, package: parcel } = found;
  if (!liveItemsOf(order, parcel).some(({ isSof }) => isSof)) throw missing(false);
  if (parcel.sofKnownAt > state.world.now()) throw missing(true);
  return { order, parcel };
}

/** Takes the status over, or refuses it. The same one again is accepted, and counted; it acts where the first did not. */
function apply(state: SimulatorState, order: Order, parcel: Package, status: SofStatus, timestamp: string): void {
  if (!isAccepted(parcel, status) || stillPossible(order, parcel, status)) moveItems(state, order, parcel, status);
  accept(state, parcel, { status, via: 'sof', timestamp });
}

function stillPossible(order: Order, parcel: Package, status: SofStatus): boolean {
  return liveItemsOf(order, parcel).every((item) => move(item.status, EVENTS[status]) !== null);
}

function moveItems(state: SimulatorState, order: Order, parcel: Package, status: SofStatus): void {
  const items = liveItemsOf(order, parcel);
  const event = eventFor(order, parcel, status);
  const stuck = items.find((item) => move(item.status, event) === null);
  if (stuck) throw illegal(state, parcel, stuck.status, status);
  if (order.script.swallow.includes(status)) return;
  for (const item of items) change(state.world, order, item, event, { by: `sof ${status}`, reported: true });
}

/** Where `shipped` was accepted and swallowed, an end comes straight from ready to ship, and is in order all the same. */
function eventFor(order: Order, parcel: Package, status: SofStatus): ItemEvent {
  const hidden = order.script.swallow.includes('shipped') && isAccepted(parcel, 'shipped');
  if (!hidden || status === 'shipped') return EVENTS[status];
  return status === 'delivered' ? 'deliverDirectly' : 'failDirectly';
}

function illegal(state: SimulatorState, parcel: Package, from: ItemStatus, status: SofStatus): Refusal {
  if (from === 'delivered' || from === 'failed')
    return new Refusal('end_twice', '400', `package ${parcel.packageId} has ended already`);
  if (status !== 'shipped') state.counter.increment('endedWithoutShipped');
  return new Refusal('illegal_state', '400', `package ${parcel.packageId}: ${status} is not possible in state ${from}`);
}
