import { z } from 'zod';
import type { CallOptions, OpenPlatform, Shop } from './request.ts';

/** GetOrders for a single order since that time. Whatever it answers, only the yes is read: this app may call for this shop. */
export async function probeOrders(
  platform: OpenPlatform,
  shop: Shop,
  createdAfter: Date,
  options?: CallOptions,
): Promise<void> {
  const params = { created_after: `${createdAfter.toISOString().slice(0, 19)}+00:00`, limit: '1' };
  const endpoint = { method: 'GET', path: '/orders/get', params } as const;
  await platform.call(shop, endpoint, { schema: z.unknown(), from: 'data' }, options);
}
