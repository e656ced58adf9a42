/** The calls that Lazada announced as offline, by items instead of packages. They answer only where the account says so. */
import { accept } from '../server/accepted.ts';
import { Digits } from '../server/json.ts';
import { Refusal } from '../server/refusal.ts';
import type { Item, Order, Package, SofStatus } from '../world/model.ts';
import { change, newPackage, pack, visibleTrackingNumber } from '../world/orders.ts';
import { type ItemEvent, move } from '../world/state-machine.ts';
import type { OpenPlatformCall, Reply, Request } from './gateway.ts';
import { readIds } from './parameters.ts';

const MOST_ITEMS = 100;

export const RETIRED_CALLS: readonly OpenPlatformCall[] = [
  {
    path: '/order/pack',
    methods: ['POST'],
    parameters: { shipping_provider: true, delivery_type: true, order_item_ids: true },
    handle: packItems,
  },
  {
    path: '/order/rts',
    methods: ['POST'],
    parameters: { delivery_type: true, order_item_ids: true, shipment_provider: true, tracking_number: false },
    handle: readyItems,
  },
  endCall('/order/sof/delivered', 'deliverDirectly', 'delivered'),
  endCall('/order/sof/failed_delivery', 'failDirectly', 'not_delivered'),
];

function packItems(request: Request): Reply {
  const { order, items } = requestedItems(request, 'pack', '82');
  pack(request.state.world, order, items, '/order/pack');
  return { data: { order_items: items.map((item) => ({ ...itemView(item), ...parcelView(request, order, item) })) } };
}

function readyItems(request: Request): Reply {
  const { state, parameters } = request;
  const { order, items } = requestedItems(request, 'readyLegacy', '73');
  if (items.every(({ packageId }) => packageId === null)) {
    const parcel = newPackage(state.world, order, parameters.tracking_number);
    for (const item of items) item.packageId = parcel.packageId;
  }
  for (const item of items) {
    item.shipmentProvider = parameters.shipment_provider ?? '';
    change(state.world, order, item, 'readyLegacy', { by: '/order/rts' });
  }
  return { data: { order_items: items.map(itemView) } };
}

function endCall(path: string, event: ItemEvent, status: SofStatus): OpenPlatformCall {
  return {
    path,
    methods: ['POST'],
    parameters: { order_item_ids: true },
    handle: (request) => {
      const { order, items } = requestedItems(request, event, '1008');
      if (items.some(({ isSof }) => !isSof)) throw new Refusal('not_sof', '1007', 'E1007: not delivered by the seller');
      for (const parcel of parcelsOf(order, items)) accept(request.state, parcel, { status, via: 'lazada' });
      for (const item of items) change(request.state.world, order, item, event, { by: path, reported: true });
      return { data: { order_items: items.map(itemView) } };
    },
  };
}

/** All items, or the whole call is refused. */
function requestedItems(request: Request, event: ItemEvent, code: string): { order: Order; items: Item[] } {
  const { state, call, account, parameters } = request;
  if (!account.retiredCalls) throw new Refusal('not_available', 'InvalidApiPath', `${call.name} is offline`);
  if ((parameters.delivery_type ?? 'dropship') !== 'dropship')
    throw new Refusal('bad_parameter', '23', `E023: "${parameters.delivery_type}" Invalid Delivery Type`);
  const ids = readIds(parameters.order_item_ids ?? '', MOST_ITEMS, { form: '20', size: '20' });
  call.elements = ids.length;
  const found = ids.map((id) => state.world.item(id));
  const [first] = found;
  if (!first || found.some((one) => one?.order.sellerId !== account.sellerId))
    throw new Refusal('unknown_item', '20', 'E020: Invalid Order Item IDs');
  if (found.some((one) => one?.order !== first.order))
    throw new Refusal('bad_parameter', '29', 'E029: Order items must be from the same order');
  const items = found.flatMap((one) => (one ? [one.item] : []));
  const stuck = items.find((item) => !move(item.status, event));
  if (stuck) throw new Refusal('illegal_state', code, `E0${code}: order item ${stuck.orderItemId} is ${stuck.status}`);
  return { order: first.order, items };
}

function parcelsOf(order: Order, items: readonly Item[]): Package[] {
  return order.packages.filter(({ packageId }) => items.some((item) => item.packageId === packageId));
}

function itemView(item: Item): object {
  return { order_item_id: new Digits(item.orderItemId), purchase_order_id: '', purchase_order_number: '' };
}

function parcelView({ state: { world } }: Request, order: Order, item: Item): object {
  const parcel = order.packages.find(({ packageId }) => packageId === item.packageId);
  return {
    tracking_number: visibleTrackingNumber(parcel, world.now()),
    shipment_provider: item.shipmentProvider,
    package_id: item.packageId ?? '',
  };
}
