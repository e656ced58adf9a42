/** Pack: items become packages, each with a tracking number of Lazada's. */
import type { z } from 'zod';
import { Digits } from '../server/json.ts';
import type { Account, Item, Order } from '../world/model.ts';
import { pack, visibleTrackingNumber } from '../world/orders.ts';
import { hasParcel, move } from '../world/state-machine.ts';
import { DONE, type ElementAnswer, refuseElement, scriptedTrouble } from './elements.ts';
import type { OpenPlatformCall, Reply, Request } from './gateway.ts';
import { checkSize, readJson } from './parameters.ts';
import { findOrder } from './reads.ts';
import { PackRequest } from './schemas.ts';

const MOST_ORDERS = 20;
const WRONG_STATE = '700000';
const UNKNOWN = '700001';
const WRONG_PROVIDER = '700019';

type PackBody = z.output<typeof PackRequest>;
type PackBodyOrder = PackBody['pack_order_list'][number];

export const PACK: readonly OpenPlatformCall[] = [
  { path: '/order/fulfill/pack', methods: ['POST'], parameters: { packReq: true }, handle: packOrders },
];

function packOrders(request: Request): Reply {
  const body = readJson('packReq', request.parameters.packReq ?? '', PackRequest);
  checkSize(body.pack_order_list, MOST_ORDERS);
  request.call.elements = body.pack_order_list.length;
  const orders = body.pack_order_list.map((one) => packOrder(request, body, one)).filter((one) => one !== undefined);
  return { result: { pack_order_list: orders } };
}

function packOrder(request: Request, body: PackBody, { order_id, order_item_list }: PackBodyOrder): object | undefined {
  const { world } = request.state;
  const order = findOrder(world, request.account, order_id);
  const trouble = order && scriptedTrouble(request, order);
  if (trouble === 'missing') return undefined;
  const answers = new Map<string, ElementAnswer>();
  const ready: Item[] = [];
  for (const id of order_item_list) {
    const item = order?.items.find(({ orderItemId }) => orderItemId === id);
    const refused = trouble ?? refusalOf(request, body, item);
    answers.set(id, refused ?? DONE);
    if (item && !refused) ready.push(item);
  }
  if (order) pack(world, order, ready, '/order/fulfill/pack');
  return {
    order_id: new Digits(order_id),
    order_item_list: order_item_list.map((id) => elementView(request, order, id, answers.get(id) ?? DONE)),
  };
}

function refusalOf(request: Request, body: PackBody, item: Item | undefined): ElementAnswer | undefined {
  if (!item) return refuseElement(request, 'unknown_item', UNKNOWN, 'order item not found');
  if (!isAllocated(request.account, body))
    return refuseElement(
      request,
      'bad_parameter',
      WRONG_PROVIDER,
      'shipment provider does not fit the allocation type',
    );
  if (item.isDigital) return refuseElement(request, 'illegal_state', WRONG_STATE, 'a digital item is not packed');
  if (move(item.status, 'pack')) return undefined;
  const again = hasParcel(item.status);
  return refuseElement(
    request,
    again ? 'already_packed' : 'illegal_state',
    WRONG_STATE,
    `order item status is ${item.status}`,
  );
}

/** TFS: Lazada chooses the provider and wants none named. NTFS: one of the account's must be named. */
function isAllocated(
  account: Account,
  { shipping_allocate_type: type, shipment_provider_code: code }: PackBody,
): boolean {
  if (type !== account.allocateType) return false;
  return type === 'TFS' ? code === undefined : account.providers.some((provider) => provider.code === code);
}

function elementView(
  { state: { world } }: Request,
  order: Order | undefined,
  id: string,
  answer: ElementAnswer,
): object {
  const item = order?.items.find(({ orderItemId }) => orderItemId === id);
  const parcel = order?.packages.find(({ packageId }) => packageId === item?.packageId);
  const packed = answer.item_err_code === '0' && parcel && item;
  return {
    order_item_id: new Digits(id),
    ...answer,
    tracking_number: packed ? visibleTrackingNumber(parcel, world.now()) : '',
    shipment_provider: packed ? item.shipmentProvider : '',
    package_id: packed ? parcel.packageId : '',
  };
}
