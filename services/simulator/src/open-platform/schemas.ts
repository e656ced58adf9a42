/** The JSON parameters of the package calls. Strict: what Lazada does not know is refused. */
import { z } from 'zod';
import { Digits } from '../server/json.ts';
import { NOT_BARE } from './parameters.ts';

const id = z.custom<Digits>((value) => value instanceof Digits, { message: NOT_BARE }).transform(({ text }) => text);

export const PackRequest = z.strictObject({
  pack_order_list: z.array(z.strictObject({ order_id: id, order_item_list: z.array(id).min(1) })).min(1),
  delivery_type: z.literal('dropship'),
  shipping_allocate_type: z.enum(['TFS', 'NTFS']),
  shipment_provider_code: z.string().optional(),
});

export const PackagesRequest = z.strictObject({
  packages: z.array(z.strictObject({ package_id: z.string().min(1) })).min(1),
});

export const ProvidersRequest = z.strictObject({
  orders: z.array(z.strictObject({ order_id: id, order_item_ids: z.array(id).min(1) })).min(1),
});
