/** The SOF module: one login, one call that reports a package's status. */
import { createHmac, randomBytes } from 'node:crypto';
import { accept, isAccepted } from '../server/accepted.ts';
import { type Answer, type Call, contentType, type Endpoint, jsonAnswer } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { Desk } from '../server/serve-call.ts';
import { isOver, keepToken } from '../world/accounts.ts';
import type { Account, Order, Package, SofStatus } from '../world/model.ts';
import { change, liveItemsOf } from '../world/orders.ts';
import { type ItemEvent, type ItemStatus, move } from '../world/state-machine.ts';

const EVENTS: Record<SofStatus, ItemEvent> = { shipped: 'ship', delivered: 'deliver', not_delivered: 'fail' };
const TIMESTAMP = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00$/;
const JWT_KEY = randomBytes(32);

export type SofPaths = { readonly authPath: string; readonly statusPath: string };

export function sofAuthenticate(desk: Desk): Endpoint {
  return {
    api: 'sof',
    name: 'sof/auth',
    accountOf: (call) => desk.world.bySofUsername(String(bodyOrNothing(call).username ?? ''))?.sellerId ?? null,
    handle: (call) => answer(call, () => authenticate(desk, call)),
  };
}

export function sofStatus(desk: Desk): Endpoint {
  return {
    api: 'sof',
    name: 'sof/status',
    accountOf: (call) => desk.world.byToken('sofTokens', bearer(call))?.account.sellerId ?? null,
    oneAtATime: (call) => String(bodyOrNothing(call).tracking_number ?? ''),
    handle: (call) => answer(call, () => report(desk, call)),
  };
}

function answer(call: Call, act: () => Answer): Answer {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    call.refused.push({ reason: error.reason, asked: error.asked });
    return jsonAnswer(Number(error.code), { message: error.message });
  }
}

function authenticate(desk: Desk, call: Call): Answer {
  const body = readBody(call, ['username', 'password']);
  const account = desk.world.bySofUsername(body.username ?? '');
  if (!account || account.sofPassword !== body.password)
    throw new Refusal('wrong_password', '401', 'Unable to log in with provided credentials.');
  return jsonAnswer(200, { access_token: newToken(desk, account) });
}

function newToken(desk: Desk, account: Account): string {
  const seconds = account.lifetimes.sofSeconds;
  const issued = Math.floor(desk.world.now() / 1000);
  const claims = { sub: account.sofUsername, iat: issued, exp: issued + seconds, jti: desk.world.ids.secret('jwt') };
  const value = jwt(claims);
  keepToken(desk.world, account.sofTokens, value, seconds);
  return value;
}

function jwt(claims: object): string {
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const text = `${part({ alg: 'HS256', typ: 'JWT' })}.${part(claims)}`;
  return `${text}.${createHmac('sha256', JWT_KEY).update(text).digest('base64url')}`;
}

function report(desk: Desk, call: Call): Answer {
  const account = authorised(desk, call);
  const body = readBody(call, ['status', 'tracking_number', 'timestamp']);
  const status = statusOf(body.status);
  if (!TIMESTAMP.test(body.timestamp ?? '') || Number.isNaN(Date.parse(body.timestamp ?? '')))
    throw new Refusal(
      'bad_parameter',
      '400',
      `timestamp ${body.timestamp} is not of the form 2026-01-31T12:00:00+00:00`,
    );
  const { order, parcel } = findPackage(desk, account, body.tracking_number ?? '');
  apply(desk, order, parcel, status, body.timestamp ?? '');
  return { status: 202, body: '' };
}

function authorised(desk: Desk, call: Call): Account {
  const header = String(call.headers.authorization ?? '');
  if (!header.startsWith('JWT '))
    throw new Refusal('wrong_authorization', '401', 'Authentication credentials were not provided.');
  const found = desk.world.byToken('sofTokens', bearer(call));
  if (!found) throw new Refusal('unknown_token', '401', 'Error decoding signature.');
  if (isOver(desk.world, found.token))
    throw new Refusal('expired_token', '401', 'Signature has expired.', { asked: found.token.revoked });
  return found.account;
}

function bearer(call: Call): string {
  return String(call.headers.authorization ?? '').replace(/^JWT /, '');
}

function statusOf(status: string | undefined): SofStatus {
  if (status && Object.hasOwn(EVENTS, status)) return status as SofStatus;
  throw new Refusal('unknown_status', '400', `${status} is not registered in the system`);
}

function findPackage(desk: Desk, account: Account, trackingNumber: string): { order: Order; parcel: Package } {
  const found = desk.world.byTrackingNumber(trackingNumber);
  const missing = (asked: boolean) =>
    new Refusal('unknown_tracking_number', '400', `tracking number ${trackingNumber} doesn't exist`, { asked });
  if (!found || found.order.sellerId !== account.sellerId || found.package.replaced) throw missing(false);
  const { order, package: parcel } = found;
  if (!liveItemsOf(order, parcel).some(({ isSof }) => isSof)) throw missing(false);
  if (parcel.sofKnownAt > desk.world.now()) throw missing(true);
  return { order, parcel };
}

/** Takes the status over, or refuses it. The same one again is accepted, and counted; it acts where the first did not. */
function apply(desk: Desk, order: Order, parcel: Package, status: SofStatus, timestamp: string): void {
  if (!isAccepted(parcel, status) || stillPossible(order, parcel, status)) moveItems(desk, order, parcel, status);
  accept(desk, parcel, { status, via: 'sof', timestamp });
}

function stillPossible(order: Order, parcel: Package, status: SofStatus): boolean {
  return liveItemsOf(order, parcel).every((item) => move(item.status, EVENTS[status]) !== null);
}

function moveItems(desk: Desk, order: Order, parcel: Package, status: SofStatus): void {
  const items = liveItemsOf(order, parcel);
  const event = eventFor(order, parcel, status);
  const stuck = items.find((item) => move(item.status, event) === null);
  if (stuck) throw illegal(desk, parcel, stuck.status, status);
  if (order.script.swallow.includes(status)) return;
  for (const item of items) change(desk.world, order, item, event, { by: `sof ${status}`, reported: true });
}

/** Where `shipped` was accepted and swallowed, an end comes straight from ready to ship, and is in order all the same. */
function eventFor(order: Order, parcel: Package, status: SofStatus): ItemEvent {
  const hidden = order.script.swallow.includes('shipped') && isAccepted(parcel, 'shipped');
  if (!hidden || status === 'shipped') return EVENTS[status];
  return status === 'delivered' ? 'deliverDirectly' : 'failDirectly';
}

function illegal(desk: Desk, parcel: Package, from: ItemStatus, status: SofStatus): Refusal {
  if (from === 'delivered' || from === 'failed')
    return new Refusal('end_twice', '400', `package ${parcel.packageId} has ended already`);
  if (status !== 'shipped') desk.counter.note('endedWithoutShipped');
  return new Refusal('illegal_state', '400', `package ${parcel.packageId}: ${status} is not possible in state ${from}`);
}

function bodyOrNothing(call: Call): Record<string, unknown> {
  try {
    const body: unknown = JSON.parse(call.body);
    return typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

/** The body's fields, all of them texts, exactly these. */
function readBody(call: Call, names: readonly string[]): Record<string, string> {
  if (contentType(call) !== 'application/json') throw new Refusal('wrong_body_form', '400', 'the body must be JSON');
  const body = bodyOrNothing(call);
  const missing = names.find((name) => body[name] === undefined || body[name] === '');
  if (missing) throw new Refusal('missing_parameter', '400', `required value missing: ${missing}`);
  const unknown = Object.keys(body).find((name) => !names.includes(name));
  if (unknown) throw new Refusal('unknown_parameter', '400', `${unknown} is not known`);
  const notText = names.find((name) => typeof body[name] !== 'string');
  if (notText) throw new Refusal('bad_parameter', '400', `${notText} must be a text`);
  return body as Record<string, string>;
}
