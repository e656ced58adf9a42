/** Orders and items as the Open Platform shows them. */
import { Digits } from '../server/json.ts';
import type { Item, Order } from '../world/model.ts';
import { buyerOf, nameShown, visible, visibleTrackingNumber } from '../world/orders.ts';
import type { World } from '../world/world.ts';

const CURRENCY = { SG: 'SGD', MY: 'MYR', TH: 'THB', VN: 'VND', PH: 'PHP', ID: 'IDR' } as const;

export function itemView(world: World, order: Order, item: Item): Record<string, unknown> {
  const now = world.now();
  const seen = visible(item, now);
  const parcel = order.packages.find(({ packageId }) => packageId === item.packageId);
  return {
    order_item_id: new Digits(item.orderItemId),
    order_id: new Digits(order.orderId),
    status: nameShown(order, seen.status),
    package_id: item.packageId ?? '',
    tracking_code: visibleTrackingNumber(parcel, now),
    tracking_code_pre: '',
    shipment_provider: item.isDigital ? '' : item.shipmentProvider,
    shipping_provider_type: item.isSof ? 'seller_own_fleet' : 'standard',
    delivery_option_sof: item.isSof ? 1 : 0,
    is_digital: item.isDigital ? 1 : 0,
    is_fbl: item.isFbl ? 1 : 0,
    is_cancel_pending: item.isCancelPending,
    need_cancel_confirm: item.needCancelConfirm,
    warehouse_code: 'dropshipping',
    sku: item.sku,
    shop_sku: item.sku,
    name: item.name,
    item_price: item.price,
    paid_price: item.price,
    currency: CURRENCY[world.accountOf(order).country],
    invoice_number: '',
    reason: seen.status === 'canceled' ? 'Buyer changed their mind' : '',
    reason_detail: '',
    cancel_return_initiator: seen.status === 'canceled' ? 'buyer-cancel' : 'null-null',
    ...deadline(order),
    created_at: date(world, order.createdAt),
    updated_at: date(world, Math.max(seen.at, seen.visibleAt)),
    digital_delivery_info: '',
  };
}

export function orderView(world: World, order: Order): Record<string, unknown> {
  const { name, phone, address: address1 } = buyerOf(order);
  const address = { first_name: name, phone, address1, country: world.accountOf(order).country };
  const statuses = new Set(order.items.map((item) => nameShown(order, visible(item, world.now()).status)));
  return {
    order_id: new Digits(order.orderId),
    order_number: new Digits(order.orderNumber),
    statuses: [...statuses],
    created_at: date(world, order.createdAt),
    updated_at: date(world, updatedAt(world, order)),
    price: String(order.items.reduce((sum, { price }) => sum + price, 0)),
    shipping_fee: 0,
    voucher: 0,
    payment_method: 'COD',
    items_count: order.items.length,
    warehouse_code: 'dropshipping',
    customer_first_name: name,
    address_shipping: address,
    address_billing: address,
    extra_attributes: '{}',
    promised_shipping_times: '',
  };
}

/** Not in the form of the other dates: Lazada's deadline comes from another of its systems. */
function deadline({ createdAt, script: { shipBy } }: Order): { readonly sla_time_stamp?: string } {
  const at = createdAt + shipBy.afterSeconds * 1_000;
  const written = { iso: iso(at), plain: plain(at), epoch: String(at), junk: 'within 2 days', missing: undefined };
  const text = written[shipBy.form];
  return text === undefined ? {} : { sla_time_stamp: text };
}

/** When a reader could last see something of the order change. */
export function updatedAt(world: World, order: Order): number {
  return Math.max(order.createdAt, ...order.items.map((item) => visible(item, world.now()).visibleAt));
}

function date(world: World, at: number): string {
  if (world.behaviour.dates === 'epoch') return String(at);
  return world.behaviour.dates === 'iso' ? iso(at) : plain(at);
}

/** `2026-01-31 20:00:00 +0800`, the form that most of Lazada's dates have. */
function plain(at: number): string {
  return `${shifted(at).replace('T', ' ')} +0800`;
}

function iso(at: number): string {
  return `${shifted(at)}+08:00`;
}

function shifted(at: number): string {
  return new Date(at + 8 * 3_600_000).toISOString().slice(0, 19);
}
