import { bareDigits } from '../http/json.ts';
import type { PackOrder } from './pack.ts';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { ProvidersAnswer, type ShipmentProviders } from './schemas.ts';

/** GetShipmentProvider: who names the carrier of these orders (at most 20), and by which codes. */
export async function getShipmentProviders(
  platform: OpenPlatform,
  shop: Shop,
  orders: readonly PackOrder[],
  options?: CallOptions,
): Promise<ShipmentProviders> {
  const getShipmentProvidersReq = JSON.stringify({
    orders: orders.map((order) => ({
      order_id: bareDigits(order.orderId),
      order_item_ids: order.orderItemIds.map(bareDigits),
    })),
  });
  const params = { getShipmentProvidersReq };
  const endpoint = { method: 'GET', path: '/order/shipment/providers/get', params } as const;
  const { content } = await platform.call(shop, endpoint, { schema: ProvidersAnswer, from: 'data' }, options);
  return content;
}
