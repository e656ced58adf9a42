/**
 * What Lazada lets happen to an order's item, as a table: per event, from which status it leads to which.
 * Nothing else decides about a change of status, whoever asks for it: the SOF module, the Open Platform, or a person
 * at Lazada (the control API).
 */
export const ITEM_STATUSES = [
  'unpaid',
  'pending',
  'packed',
  'repacked',
  'ready_to_ship',
  'shipped',
  'delivered',
  'returned',
  'canceled',
  'failed',
  'shipped_back',
  'shipped_back_success',
  'shipped_back_failed',
  'package_scrapped',
  'lost_by_3pl',
  'damaged_by_3pl',
] as const;
export type ItemStatus = (typeof ITEM_STATUSES)[number];

type Moves = { readonly [From in ItemStatus]?: ItemStatus };

const MOVES = {
  pay: { unpaid: 'pending' },
  pack: { pending: 'packed', repacked: 'packed' },
  repack: { packed: 'repacked' },
  ready: { packed: 'ready_to_ship' },
  /** The retired call packs and sets ready in one, and does not mind a repetition. */
  readyLegacy: { pending: 'ready_to_ship', ready_to_ship: 'ready_to_ship' },
  ship: { ready_to_ship: 'shipped' },
  /** Through the SOF module: only what was reported shipped can end. */
  deliver: { shipped: 'delivered' },
  fail: { shipped: 'failed' },
  /** Through the Open Platform's package calls: straight from ready to ship. */
  deliverDirectly: { ready_to_ship: 'delivered', shipped: 'delivered' },
  failDirectly: { ready_to_ship: 'failed', shipped: 'failed' },
  cancel: {
    unpaid: 'canceled',
    pending: 'canceled',
    packed: 'canceled',
    repacked: 'canceled',
    ready_to_ship: 'canceled',
  },
  return: { delivered: 'returned' },
  shipBack: { failed: 'shipped_back' },
  shipBackDone: { shipped_back: 'shipped_back_success' },
  shipBackLost: { shipped_back: 'shipped_back_failed' },
  scrap: { shipped_back_success: 'package_scrapped', shipped_back_failed: 'package_scrapped' },
  lose: { ready_to_ship: 'lost_by_3pl', shipped: 'lost_by_3pl' },
  damage: { ready_to_ship: 'damaged_by_3pl', shipped: 'damaged_by_3pl' },
} as const satisfies Record<string, Moves>;

export type ItemEvent = keyof typeof MOVES;
export const ITEM_EVENTS = Object.keys(MOVES) as ItemEvent[];

/** The status that the event leads to, or null where Lazada does not allow it from here. */
export function move(status: ItemStatus, event: ItemEvent): ItemStatus | null {
  const moves: Moves = MOVES[event];
  return moves[status] ?? null;
}

/** True from Pack on: there is a parcel, and so may be documents. */
export function hasParcel(status: ItemStatus): boolean {
  return status !== 'unpaid' && status !== 'pending' && status !== 'repacked' && status !== 'canceled';
}
