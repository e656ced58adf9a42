import { bareDigits } from '../http/json.ts';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { LegacyAnswer } from './schemas.ts';

export type LegacyReadyToShip = {
  readonly orderItemIds: readonly string[];
  readonly shipmentProvider: string;
  readonly trackingNumber?: string | null;
};

/** SetReadyToShip, which Lazada announced to retire in 2023: packs and sets ready in one. Answers the items it took. */
export async function orderReadyToShip(
  platform: OpenPlatform,
  shop: Shop,
  { orderItemIds, shipmentProvider, trackingNumber }: LegacyReadyToShip,
  options?: CallOptions,
): Promise<readonly string[]> {
  const params = {
    delivery_type: 'dropship',
    order_item_ids: JSON.stringify(orderItemIds.map(bareDigits)),
    shipment_provider: shipmentProvider,
    tracking_number: trackingNumber ?? '',
  };
  const endpoint = { method: 'POST', path: '/order/rts', params } as const;
  const { content } = await platform.call(shop, endpoint, { schema: LegacyAnswer, from: 'data' }, options);
  return content.order_items;
}
