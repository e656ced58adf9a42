/** What items, packages and orders are called: the one place that turns statuses into one another. */
import type { EndStatus, Item, Order, OrderStatus, Package, PackageState, SentStatus } from './order.ts';

/** What one item's status says of its package; null: it has none yet. Lazada writes them in any case of letters. */
const STATE_OF_ITEM: Readonly<Record<string, PackageState | null>> = {
  unpaid: null,
  pending: null,
  topack: null,
  packed: 'packed',
  repacked: 'packed',
  ready_to_ship_pending: 'packed',
  ready_to_ship: 'ready_to_ship',
  toship: 'ready_to_ship',
  shipped: 'shipped',
  delivered: 'delivered',
  confirmed: 'delivered',
  returned: 'delivered',
  failed: 'not_delivered',
  failed_delivery: 'not_delivered',
  package_returned: 'not_delivered',
  package_scrapped: 'not_delivered',
  lost_by_3pl: 'not_delivered',
  damaged_by_3pl: 'not_delivered',
  damage_by_3pl: 'not_delivered',
};

/** Families of statuses on the way back to the seller, by how their names begin. */
const NOT_DELIVERED_FAMILIES = ['shipped_back', 'info_st_domestic_return', 'info_st_domestic_back'];

const CANCELLED: ReadonlySet<string> = new Set(['canceled', 'cancelled']);
const PACKABLE: ReadonlySet<string> = new Set(['pending', 'topack', 'repacked']);

const RANK: Readonly<Record<PackageState, number>> = {
  packed: 0,
  ready_to_ship: 1,
  shipped: 2,
  delivered: 3,
  not_delivered: 3,
  cancelled: 4,
};

/** Undefined: a status that nobody has told us of; it moves nothing. */
function stateOfItem(status: string): PackageState | null | undefined {
  const name = status.toLowerCase();
  if (NOT_DELIVERED_FAMILIES.some((family) => name.startsWith(family))) return 'not_delivered';
  return Object.hasOwn(STATE_OF_ITEM, name) ? STATE_OF_ITEM[name] : undefined;
}

export const isLive = ({ status }: Pick<Item, 'status'>): boolean => !CANCELLED.has(status.toLowerCase());
/** A status of no row: it is told by its name, and decides nothing. */
export const isKnownStatus = (status: string): boolean => !isLive({ status }) || stateOfItem(status) !== undefined;
/** Before packed: nothing of it is in a package yet. */
export const isBeforePacked = ({ status }: Pick<Item, 'status'>): boolean => stateOfItem(status) === null;
/** Lazada lets it be packed, as far as its status says. */
export const isPackableStatus = ({ status }: Pick<Item, 'status'>): boolean => PACKABLE.has(status.toLowerCase());
export const isPacked = ({ status }: Pick<Item, 'status'>): boolean => status.toLowerCase() === 'packed';
/** What a seller's own fleet carries: not digital, and marked as SOF by Lazada. */
export const isShippable = (item: Item): boolean => isLive(item) && item.sof && !item.digital;
/** The item stands at ready to ship or further; unknown statuses are neither. */
export const isReady = (item: Item): boolean => {
  const state = stateOfItem(item.status);
  return state != null && RANK[state] >= RANK.ready_to_ship;
};

export const isOpen = (parcel: Package): boolean => RANK[parcel.state] < RANK.delivered;
export const isEnd = (state: PackageState): state is EndStatus => state === 'delivered' || state === 'not_delivered';
export const otherEnd = (end: EndStatus): EndStatus => (end === 'delivered' ? 'not_delivered' : 'delivered');
export const reaches = (state: PackageState, goal: PackageState): boolean => RANK[state] >= RANK[goal];

/** `ended_differently`: some items arrived and some did not. Null: nothing can be said, an item has a status of no row. */
export type Shown = PackageState | 'ended_differently' | null;

/** What a read shows of one package: its least advanced live item; `cancelled` where no live item names it. */
export function shownState(items: readonly Item[], packageId: string): Shown {
  const states = items
    .filter((item) => item.packageId === packageId && isLive(item))
    .map((item) => stateOfItem(item.status));
  if (states.length === 0) return items.length > 0 ? 'cancelled' : null;
  const known = states.filter((state) => state != null);
  if (known.length < states.length) return null;
  const least = known.reduce((a, b) => (RANK[b] < RANK[a] ? b : a));
  return isEnd(least) && known.includes(otherEnd(least)) ? 'ended_differently' : least;
}

/** Never backward; a cancelled package whose items are alive again is what they show. */
export function advance(state: PackageState, shown: Shown): PackageState {
  if (shown === null) return state;
  if (shown === 'ended_differently') return advance(state, 'shipped');
  if (state === 'cancelled') return shown;
  if (isEnd(state)) return state;
  return RANK[shown] > RANK[state] ? shown : state;
}

/** How an accepted status stands against what a read shows. */
export function confirms(shown: Shown, sent: SentStatus): 'yes' | 'not_yet' | 'other_end' {
  if (shown === null || shown === 'cancelled') return 'not_yet';
  if (shown === 'ended_differently') return sent === 'shipped' ? 'yes' : 'not_yet';
  if (sent === 'shipped') return RANK[shown] >= RANK.shipped ? 'yes' : 'not_yet';
  if (shown === sent) return 'yes';
  return shown === otherEnd(sent) ? 'other_end' : 'not_yet';
}

/** The last status that the marketplace accepted for this package, and when. */
export function lastSent(parcel: Package): { status: SentStatus; at: Date } | null {
  if (parcel.deliveredSentAt) return { status: 'delivered', at: parcel.deliveredSentAt };
  if (parcel.notDeliveredSentAt) return { status: 'not_delivered', at: parcel.notDeliveredSentAt };
  return parcel.shippedSentAt ? { status: 'shipped', at: parcel.shippedSentAt } : null;
}

/** The order's status over its packages that are not cancelled. */
export function rollUp({ packages, items }: Pick<Order, 'packages' | 'items'>): OrderStatus {
  const states = packages.map((parcel) => parcel.state).filter((state) => state !== 'cancelled');
  const [first] = states;
  if (first === undefined) return items?.length && !items.some(isLive) ? 'cancelled' : 'new';
  if (states.every((state) => state === first)) return first;
  if (states.some(isEnd)) return 'partially_delivered';
  return states.reduce((a, b) => (RANK[b] < RANK[a] ? b : a));
}
