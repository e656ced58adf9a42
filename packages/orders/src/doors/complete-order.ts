/**
 * An order as somebody without a host system tells it: made where there is none, completed where there is one. Only what is
 * told is written; items are added and never removed. The events are those that the host's own hand would be told by.
 *
 * It is no update: it says how the host's tables are, and whoever calls it is the host. So nothing is refused that the host's
 * own SQL might write; `updateShipping: 0` takes back as the host's 0 does.
 */
import type { OrderEvent } from '../model/order.ts';

export type ToldItem = { readonly orderItemId: string; readonly sku?: string };
export type ToldOrder = {
  readonly toolStatus?: string;
  /** 1: it is to be set ready to ship, once `toolStatus` is `ready_for_delivery`. */
  readonly updateShipping?: 0 | 1;
  readonly items?: readonly ToldItem[];
};

/** As much as is there of it. */
export type HostOrder = {
  readonly toolStatus: string | null;
  readonly updateShipping: number | null;
  readonly items: readonly { readonly orderItemId: string; readonly sku: string | null }[];
};

export type HostOrderChange = {
  readonly order: Pick<ToldOrder, 'toolStatus' | 'updateShipping'>;
  readonly newItems: readonly ToldItem[];
  /** Of items that are there. */
  readonly skus: readonly Required<ToldItem>[];
  readonly event: OrderEvent;
};

/** `before`: null where there is none yet. Null: everything is so already. */
export function completeOrder(before: HostOrder | null, told: ToldOrder): HostOrderChange | null {
  const order = changedFields(before, told);
  const known = new Map(before?.items.map(({ orderItemId, sku }) => [orderItemId, sku]));
  const newItems = (told.items ?? []).filter(({ orderItemId }) => !known.has(orderItemId));
  const skus = (told.items ?? []).flatMap(({ orderItemId, sku }) =>
    sku !== undefined && known.has(orderItemId) && known.get(orderItemId) !== sku ? [{ orderItemId, sku }] : [],
  );
  if (before && Object.keys(order).length + newItems.length + skus.length === 0) return null;
  const data = {
    ...(before === null && { created: true }),
    ...order,
    ...(newItems.length > 0 && { items: newItems.map(({ orderItemId }) => orderItemId) }),
    ...(skus.length > 0 && { skus: skus.map(({ orderItemId }) => orderItemId) }),
  };
  return { order, newItems, skus, event: eventOf(before, { ...before, ...order }, data) };
}

function changedFields(before: HostOrder | null, { toolStatus, updateShipping }: ToldOrder): HostOrderChange['order'] {
  return {
    ...(toolStatus !== undefined && toolStatus !== before?.toolStatus && { toolStatus }),
    ...(updateShipping !== undefined && updateShipping !== before?.updateShipping && { updateShipping }),
  };
}

type Flag = { readonly toolStatus?: string | null; readonly updateShipping?: number | null };
const isReady = (flag: Flag | null) => flag?.updateShipping === 1 && flag.toolStatus === 'ready_for_delivery';

/** As of an update: what makes an order ready to ship is a flag that was set, what takes it back a withdrawal. */
function eventOf(before: Flag | null, after: Flag, data: NonNullable<OrderEvent['data']>): OrderEvent {
  if (!isReady(before) && isReady(after)) return { kind: 'flag_set', data: { status: 'ready_to_ship', ...data } };
  if (isReady(before) && !isReady(after)) return { kind: 'withdrawn', data: { taken: ['ready_to_ship'], ...data } };
  return { kind: 'noted', data };
}
