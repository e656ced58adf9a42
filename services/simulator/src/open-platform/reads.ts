/** Orders and their items. */
import { Digits } from '../server/json.ts';
import { Refusal } from '../server/refusal.ts';
import type { Account, Order } from '../world/model.ts';
import { nameShown, visible } from '../world/orders.ts';
import type { World } from '../world/world.ts';
import type { OpenPlatformCall, Reply, Request } from './gateway.ts';
import { itemView, orderView, updatedAt } from './item-view.ts';
import { readId, readIds } from './parameters.ts';

const MOST_ORDERS = 50;
const MOST_LISTED = 100;
const FURTHEST_OFFSET = 5000;

export const READS: readonly OpenPlatformCall[] = [
  { path: '/order/get', methods: ['GET'], parameters: { order_id: true }, handle: getOrder },
  { path: '/order/items/get', methods: ['GET'], parameters: { order_id: true }, handle: getItems },
  { path: '/orders/items/get', methods: ['GET'], parameters: { order_ids: true }, handle: getItemsOfMany },
  {
    path: '/orders/get',
    methods: ['GET'],
    parameters: {
      created_after: false,
      update_after: false,
      created_before: false,
      update_before: false,
      status: false,
      sort_by: false,
      sort_direction: false,
      limit: false,
      offset: false,
    },
    handle: listOrders,
  },
];

function getOrder(request: Request): Reply {
  return { data: orderView(request.state.world, oneOrder(request)) };
}

function getItems(request: Request): Reply {
  const { world } = request.state;
  const order = oneOrder(request);
  request.call.elements = 1;
  return { data: order.items.map((item) => itemView(world, order, item)) };
}

function getItemsOfMany(request: Request): Reply {
  const { state, call, account, parameters } = request;
  const ids = readIds(parameters.order_ids ?? '', MOST_ORDERS, { form: '56', size: '38' });
  call.elements = ids.length;
  const orders = ids.map((id) => findOrder(state.world, account, id));
  if (orders.includes(undefined))
    throw new Refusal('unknown_order', '37', 'E037: One or more order id in the list are incorrect');
  return { data: orders.filter((order) => order !== undefined).map((order) => itemsOfOrder(state.world, order)) };
}

function itemsOfOrder(world: World, order: Order): Record<string, unknown> {
  return {
    order_id: new Digits(order.orderId),
    order_number: new Digits(order.orderNumber),
    order_items: order.items.map((item) => itemView(world, order, item)),
  };
}

function oneOrder({ state, account, parameters }: Request): Order {
  const order = findOrder(state.world, account, readId(parameters.order_id ?? '', '16'));
  if (!order) throw new Refusal('unknown_order', '16', 'E016: Invalid Order ID');
  return order;
}

export function findOrder(world: World, account: Account, orderId: string): Order | undefined {
  const order = world.orders.get(orderId);
  return order?.sellerId === account.sellerId ? order : undefined;
}

function listOrders({ state: { world }, account, parameters }: Request): Reply {
  const page = readPage(parameters);
  const byUpdate = parameters.sort_by === 'updated_at';
  const time = (order: Order) => (byUpdate ? updatedAt(world, order) : order.createdAt);
  const sign = parameters.sort_direction === 'DESC' ? -1 : 1;
  const orders = [...world.orders.values()]
    .filter(({ sellerId }) => sellerId === account.sellerId)
    .filter((order) => matches(world, order, parameters))
    .sort((a, b) => sign * (time(a) - time(b)));
  const shown = orders.slice(page.offset, page.offset + page.limit);
  return {
    data: { count: shown.length, countTotal: orders.length, orders: shown.map((order) => orderView(world, order)) },
  };
}

function readPage(parameters: Request['parameters']): { limit: number; offset: number } {
  if (!parameters.created_after && !parameters.update_after)
    throw new Refusal('missing_parameter', '75', 'E075: one of created_after and update_after is required');
  const limit = Number(parameters.limit ?? MOST_LISTED);
  const offset = Number(parameters.offset ?? 0);
  if (!Number.isInteger(limit) || limit < 1 || limit > MOST_LISTED)
    throw new Refusal('batch_too_large', '19', `E019: limit ${parameters.limit} is not 1 to ${MOST_LISTED}`);
  if (!Number.isInteger(offset) || offset < 0 || offset > FURTHEST_OFFSET)
    throw new Refusal('bad_parameter', '14', `E014: offset ${parameters.offset} is not 0 to ${FURTHEST_OFFSET}`);
  if (!['created_at', 'updated_at'].includes(parameters.sort_by ?? 'created_at'))
    throw new Refusal('bad_parameter', '74', `E074: sort_by ${parameters.sort_by} is not created_at or updated_at`);
  return { limit, offset };
}

function matches(world: World, order: Order, parameters: Request['parameters']): boolean {
  const updated = updatedAt(world, order);
  return (
    order.createdAt >= time(parameters, 'created_after', 0) &&
    order.createdAt <= time(parameters, 'created_before', Number.POSITIVE_INFINITY) &&
    updated >= time(parameters, 'update_after', 0) &&
    updated <= time(parameters, 'update_before', Number.POSITIVE_INFINITY) &&
    (!parameters.status ||
      order.items.some((item) => nameShown(order, visible(item, world.now()).status) === parameters.status))
  );
}

function time(parameters: Request['parameters'], name: string, otherwise: number): number {
  const text = parameters[name];
  if (text === undefined) return otherwise;
  const at = Date.parse(text);
  if (Number.isNaN(at) || !/(Z|[+-]\d\d:?\d\d)$/.test(text))
    throw new Refusal('bad_parameter', '17', `E017: ${name} ${text} is no date with its offset`);
  return at;
}
