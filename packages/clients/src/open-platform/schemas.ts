/**
 * The Open Platform's answers, with only the fields that are read. It writes ids as numbers or text, truths as booleans,
 * text or digits, and leaves out, nulls or empties what it does not know; here each has one form.
 */
import { redactText } from '@lazada-sof/redact';
import { z } from 'zod';
import { excerptOf } from '../http/excerpt.ts';
import { parseLazadaTime } from './lazada-time.ts';

const written = z.union([z.string(), z.number(), z.boolean()]);
/** Anything simple, as text; absent or null is the empty text. */
export const text = written.nullish().transform((value) => (value === null || value === undefined ? '' : `${value}`));
export const id = z.union([z.string().min(1), z.number()]).transform(String);
/** Cut, since codes are counted and listed by their names; a secret in the place of one would be a metric's. */
export const code = z.union([z.string(), z.number()]).transform((value) => redactText(String(value)).slice(0, 64));
/** Null where it is absent or empty. */
const optionalText = text.transform((value) => value.trim() || null);
/** True for true, "true", 1 and "1". */
export const flag = text.transform((value) => /^(true|1)$/i.test(value.trim()));
const time = text.transform(parseLazadaTime);
/** Nothing depends on it that an answer could be refused for, whatever it is. */
const optionalTime = text.catch('').transform(parseLazadaTime);
/** A name, or an id of a request, of Lazada's that is stored and shown: short, and nothing in it steers a terminal. */
export const name = text.transform((value) => redactText(value.replaceAll(/\p{C}/gu, '')).trim().slice(0, 64));

/** A list may be null, and one odd element is not a reason to lose the others: what it lacks shows as missing. */
const listOf = <Element extends z.ZodType>(element: Element) =>
  z
    .array(element)
    .nullish()
    .transform((elements) => elements ?? []);

export const Item = z
  .object({
    order_item_id: id,
    status: name,
    package_id: optionalText,
    tracking_code: optionalText,
    shipment_provider: optionalText,
    shipping_provider_type: optionalText,
    delivery_option_sof: flag,
    is_digital: flag,
    need_cancel_confirm: flag,
    is_cancel_pending: flag,
    updated_at: time,
    sla_time_stamp: optionalTime,
  })
  .transform((item) => ({
    orderItemId: item.order_item_id,
    status: item.status,
    packageId: item.package_id,
    trackingCode: item.tracking_code,
    shipmentProvider: item.shipment_provider,
    shippingProviderType: item.shipping_provider_type,
    deliveryOptionSof: item.delivery_option_sof,
    isDigital: item.is_digital,
    needCancelConfirm: item.need_cancel_confirm,
    isCancelPending: item.is_cancel_pending,
    updatedAt: item.updated_at,
    slaTimeStamp: item.sla_time_stamp,
  }));
export type OrderItem = z.output<typeof Item>;

/** Never null: an answer without a list does not say that there are none. */
export const OrderItems = z.array(Item);
export const OrdersWithItems = z.array(
  z
    .object({ order_id: id, order_items: OrderItems.nullish() })
    .transform(({ order_id, order_items }) => ({ orderId: order_id, items: order_items ?? null })),
);

/** The outcome of one element of a batch. */
const outcome = { item_err_code: code.nullish(), msg: text, retry: flag };
const outcomeOf = (element: { item_err_code?: string | null | undefined; msg: string; retry: boolean }) => ({
  code: element.item_err_code ?? '',
  message: excerptOf(element.msg),
  retry: element.retry,
});
/** `code` "0" is a success; `retry` is Lazada's own opinion. */
export type ElementOutcome = ReturnType<typeof outcomeOf>;

const PackElement = z
  .object({
    order_item_id: id,
    tracking_number: optionalText,
    shipment_provider: optionalText,
    package_id: optionalText,
    ...outcome,
  })
  .transform((element) => ({
    orderItemId: element.order_item_id,
    packageId: element.package_id,
    trackingNumber: element.tracking_number,
    shipmentProvider: element.shipment_provider,
    outcome: outcomeOf(element),
  }));
export type PackedElement = z.output<typeof PackElement>;
export const PackAnswer = z.object({
  pack_order_list: z.array(
    z
      .object({ order_id: id, order_item_list: listOf(PackElement) })
      .transform(({ order_id, order_item_list }) => ({ orderId: order_id, items: order_item_list })),
  ),
});

export const PackagesAnswer = z.object({
  packages: z.array(
    z
      .object({ package_id: id, ...outcome })
      .transform((element) => ({ packageId: element.package_id, outcome: outcomeOf(element) })),
  ),
});

export const LegacyAnswer = z.object({
  order_items: z.array(z.object({ order_item_id: id }).transform((element) => element.order_item_id)),
});

export const ProvidersAnswer = z
  .object({
    shipping_allocate_type: written.transform(String),
    shipment_providers: listOf(
      z.object({ name, provider_code: text }).transform(({ name, provider_code }) => ({ name, code: provider_code })),
    ),
  })
  .transform((answer) => ({
    allocateType: answer.shipping_allocate_type,
    providers: answer.shipment_providers,
  }));
export type ShipmentProviders = z.output<typeof ProvidersAnswer>;

/** Null where there is none: of a document that is as good an answer as any. */
export const DocumentAnswer = z
  .union([
    z.object({ document: z.object({ mime_type: text, file: text }).nullish() }),
    z.union([z.literal(''), z.tuple([])]).nullish(),
  ])
  .transform((answer) => (answer && 'document' in answer ? (answer.document ?? null) : null));

/** Null where it is told in no number. */
const seconds = z
  .union([z.number(), z.string().regex(/^-?\d+$/)])
  .transform(Number)
  .nullable()
  .catch(null);

/** A seller's shop in one country. */
const ConsentedShop = z
  .object({ country: name, seller_id: text, short_code: name })
  .transform((shop) => ({ country: shop.country, sellerId: shop.seller_id, shortCode: shop.short_code }));
/** Some answers call the list by the one name, some by the other, and some have none. */
const shops = listOf(ConsentedShop).catch([]);

export const TokenAnswer = z.object({
  access_token: z.string().min(1),
  refresh_token: text,
  expires_in: z.coerce.number().catch(0),
  refresh_expires_in: seconds,
  country: name.catch(''),
  country_user_info: shops,
  country_user_info_list: shops,
});
