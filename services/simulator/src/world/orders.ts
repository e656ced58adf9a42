/** Orders: how they come into being, get packages, and change their status. */
import type { Account, Buyer, Item, Order, OrderScript, Package, StatusChange } from './model.ts';
import { type ItemEvent, type ItemStatus, move } from './state-machine.ts';
import type { World } from './world.ts';

export const DEFAULT_SCRIPT: OrderScript = {
  trackingAfterSeconds: 0,
  sofKnowsAfterSeconds: 0,
  visibleAfterSeconds: null,
  swallow: [],
  itemsPerPackage: null,
  shipBy: { afterSeconds: 2 * 86_400, form: 'iso' },
  invoice: {
    kind: 'pdf',
    language: 'en',
    readyAfterSeconds: 0,
    revision: 1,
    link: null,
    file: '',
    mime: 'application/pdf',
  },
  trouble: [],
};

export type NewItem = Partial<
  Pick<
    Item,
    'name' | 'sku' | 'price' | 'isDigital' | 'isSof' | 'isFbl' | 'isCancelPending' | 'needCancelConfirm' | 'status'
  >
>;

export type NewOrder = {
  readonly orderNumber?: string | undefined;
  readonly items: readonly NewItem[];
  /** How far the order already is. */
  readonly status: ItemStatus;
  readonly createdAt?: number | undefined;
  /** When it came so far; absent: now. */
  readonly changedAt?: number | undefined;
  readonly script: OrderScript;
};

export function addOrder(world: World, account: Account, given: NewOrder): Order {
  const orderId = given.orderNumber ?? world.ids.orderId();
  if (world.orders.has(orderId)) throw new Error(`order ${orderId} exists already`);
  const createdAt = given.createdAt ?? world.now();
  const order: Order = {
    orderId,
    orderNumber: orderId,
    sellerId: account.sellerId,
    createdAt,
    items: given.items.map((item, index) => newItem(world, account, item, index)),
    packages: [],
    script: structuredClone(given.script),
  };
  world.addOrder(order);
  for (const [index, item] of order.items.entries())
    setFirstStatus(item, given.items[index]?.status ?? 'pending', createdAt);
  advanceTo(world, order, given.status);
  if (given.changedAt !== undefined) backdate(order, given.changedAt);
  return order;
}

function newItem(world: World, account: Account, given: NewItem, index: number): Item {
  const isDigital = given.isDigital ?? false;
  return {
    orderItemId: world.ids.itemId(),
    name: given.name ?? `Article ${index + 1}`,
    sku: given.sku ?? `SKU-${index + 1}`,
    price: given.price ?? 10 + index,
    isDigital,
    isSof: given.isSof ?? !isDigital,
    isFbl: given.isFbl ?? false,
    isCancelPending: given.isCancelPending ?? false,
    needCancelConfirm: given.needCancelConfirm ?? false,
    shipmentProvider: account.providers[0]?.name ?? '',
    packageId: null,
    status: 'pending',
    history: [],
  };
}

function setFirstStatus(item: Item, status: ItemStatus, at: number): void {
  item.status = status;
  item.history = [{ status, at, visibleAt: at, by: 'buyer' }];
}

/** Takes a new order as far as a script wants to begin with it. */
function advanceTo(world: World, order: Order, status: ItemStatus): void {
  const events: { readonly [To in ItemStatus]?: readonly ItemEvent[] } = {
    packed: ['pack'],
    ready_to_ship: ['pack', 'ready'],
    shipped: ['pack', 'ready', 'ship'],
    delivered: ['pack', 'ready', 'ship', 'deliver'],
    failed: ['pack', 'ready', 'ship', 'fail'],
    canceled: ['cancel'],
  };
  if (status === 'unpaid') for (const item of order.items) setFirstStatus(item, 'unpaid', order.createdAt);
  for (const event of events[status] ?? []) {
    const ready = order.items.filter((item) => move(item.status, event));
    if (event === 'pack') pack(world, order, ready, 'script');
    else for (const item of ready) change(world, order, item, event, { by: 'script' });
  }
}

/** Whatever happened to a new order since it came in happened then. */
function backdate(order: Order, at: number): void {
  for (const change of order.items.flatMap(({ history }) => history.slice(1)))
    Object.assign(change, { at, visibleAt: at });
  const { trackingAfterSeconds, sofKnowsAfterSeconds } = order.script;
  for (const parcel of order.packages) {
    parcel.trackingVisibleAt = at + trackingAfterSeconds * 1000;
    parcel.sofKnownAt = at + sofKnowsAfterSeconds * 1000;
  }
}

/** Puts the items into packages of their own and numbers these. Every item must be one that can be packed. */
export function pack(world: World, order: Order, items: readonly Item[], by: string): void {
  const size = order.script.itemsPerPackage ?? items.length;
  for (let start = 0; start < items.length; start += size) {
    const parcel = newPackage(world, order);
    for (const item of items.slice(start, start + size)) {
      item.packageId = parcel.packageId;
      change(world, order, item, 'pack', { by });
    }
  }
}

/** A package with Lazada's own tracking number, or with the one that the caller of a retired call gave. */
export function newPackage(world: World, order: Order, trackingNumber?: string): Package {
  const now = world.now();
  const parcel: Package = {
    packageId: world.ids.packageId(),
    orderId: order.orderId,
    trackingNumber: trackingNumber || world.ids.trackingNumber(world.accountOf(order).country),
    trackingVisibleAt: now + order.script.trackingAfterSeconds * 1000,
    sofKnownAt: now,
    replaced: false,
    accepted: [],
  };
  world.addPackage(order, parcel);
  return parcel;
}

/** Lazada packed the package's items again: another package with another number, in the state they were in. */
export function repack(world: World, order: Order, old: Package, by: string): Package {
  const items = itemsOf(order, old);
  const parcel = newPackage(world, order);
  old.replaced = true;
  for (const item of items) {
    item.packageId = parcel.packageId;
    record(item, { status: item.status, at: world.now(), visibleAt: world.now(), by });
  }
  return parcel;
}

/** Takes the items out of the package: they have to be packed anew. */
export function unpack(world: World, order: Order, old: Package, by: string): void {
  old.replaced = true;
  for (const item of itemsOf(order, old)) {
    item.packageId = null;
    change(world, order, item, 'repack', { by });
  }
}

/** Changes the item's status. @throws Error where the state machine does not allow it: ask `move` first */
export function change(
  world: World,
  order: Order,
  item: Item,
  event: ItemEvent,
  { by, reported = false }: { by: string; reported?: boolean },
): void {
  const status = move(item.status, event);
  if (!status) throw new Error(`item ${item.orderItemId} is ${item.status}: ${event} is not possible`);
  const at = world.now();
  const changed = { status, at, visibleAt: at + (reported ? visibleAfterMs(world, order) : 0), by };
  record(item, changed);
  world.onChange(order, item, changed);
  if (status === 'ready_to_ship') startSofDelay(order, item, at);
}

function record(item: Item, change: StatusChange): void {
  item.status = change.status;
  item.history.push(change);
}

function visibleAfterMs(world: World, order: Order): number {
  return (order.script.visibleAfterSeconds ?? world.behaviour.visibleAfterSeconds) * 1000;
}

function startSofDelay(order: Order, item: Item, at: number): void {
  const parcel = order.packages.find(({ packageId }) => packageId === item.packageId);
  if (parcel) parcel.sofKnownAt = at + order.script.sofKnowsAfterSeconds * 1000;
}

export function itemsOf(order: Order, parcel: Package): Item[] {
  return order.items.filter(({ packageId }) => packageId === parcel.packageId);
}

/** The package's items that are still on their way, cancelled ones left out. */
export function liveItemsOf(order: Order, parcel: Package): Item[] {
  return itemsOf(order, parcel).filter(({ status }) => status !== 'canceled');
}

/** The last status that a reader can see by now. */
export function visible(item: Item, now: number): StatusChange {
  const seen = item.history.findLast(({ visibleAt }) => visibleAt <= now) ?? item.history[0];
  if (!seen) throw new Error(`item ${item.orderItemId} has no history`);
  return seen;
}

/** A status as it is called to readers of the order. */
const MASKED: Buyer = { name: 'N**e', phone: '65******', address: 'S****t 1' };
export const buyerOf = ({ script }: Order): Buyer => ({ ...MASKED, ...script.buyer });

export const nameShown = ({ script }: Order, status: ItemStatus): string => script.shows?.[status] ?? status;

/** The tracking number as far as Lazada tells it by now; empty while it does not. */
export function visibleTrackingNumber(parcel: Package | undefined, now: number): string {
  return parcel && parcel.trackingVisibleAt <= now ? parcel.trackingNumber : '';
}
