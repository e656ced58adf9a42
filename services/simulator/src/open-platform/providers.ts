/** Which shipment providers the seller can choose. */
import { Refusal } from '../server/refusal.ts';
import type { OpenPlatformCall } from './gateway.ts';
import { checkSize, readJson } from './parameters.ts';
import { findOrder } from './reads.ts';
import { ProvidersRequest } from './schemas.ts';

const MOST_ORDERS = 20;

export const PROVIDERS: readonly OpenPlatformCall[] = [
  {
    path: '/order/shipment/providers/get',
    methods: ['GET', 'POST'],
    parameters: { getShipmentProvidersReq: true },
    handle: ({ state, call, account, parameters }) => {
      const { orders } = readJson(
        'getShipmentProvidersReq',
        parameters.getShipmentProvidersReq ?? '',
        ProvidersRequest,
      );
      checkSize(orders, MOST_ORDERS);
      call.elements = orders.length;
      if (!orders.every(({ order_id }) => findOrder(state.world, account, order_id)))
        throw new Refusal('unknown_order', '700001', 'order not found');
      return {
        result: {
          platform_default: account.allocateType === 'TFS' ? 1 : 0,
          shipment_providers: account.providers.map(({ name, code }) => ({ name, provider_code: code })),
          shipping_allocate_type: account.allocateType,
        },
      };
    },
  },
];
