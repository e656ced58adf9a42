/**
 * What Lazada pushes: that something happened to an order, or that tokens end. It is only a reason to look again: what it says
 * of a status is not believed. Shapes: Lazada Push Mechanism (article 120168 of its documents) and what the field saw.
 */

export type Push = {
  /** `message_type` in digits; `none` where it has none, `unreadable` where it is no JSON object. */
  readonly type: string;
  readonly orderNumber: string | null;
  /** What makes two messages the same, whatever their bytes: an array of texts as JSON, without the app. */
  readonly sameAs: string;
};

/** Its tokens end within 48 hours; comes once a day (article 120208). */
export const TOKENS_END = '8';

/** Never throws: what is signed rightly is answered, whatever it says. Ids may be texts or bare numbers beyond 2^53. */
export function readPush(body: string): Push {
  const message = asObject(parsed(body));
  if (!message) return { type: 'unreadable', orderNumber: null, sameAs: JSON.stringify(['unreadable', body]) };
  const data = asObject(message.data) ?? {};
  const type = asText(message.message_type);
  const orderNumber = asText(data.trade_order_id);
  const told = [
    asText(message.seller_id),
    type,
    orderNumber,
    asText(data.trade_order_line_id) ?? asText(data.fulfillment_package_id),
    asText(data.order_status) ?? asText(data.status),
    asText(data.status_update_time),
  ];
  return {
    type: type !== null && /^\d{1,4}$/.test(type) ? type : 'none',
    orderNumber: orderNumber !== null && /^\d{1,30}$/.test(orderNumber) ? orderNumber : null,
    sameAs: JSON.stringify(told),
  };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body, (_key, value, { source }) => (losesDigits(value) ? (source ?? value) : value));
  } catch {
    return null;
  }
}

const losesDigits = (value: unknown) => typeof value === 'number' && !Number.isSafeInteger(value);

const asObject = (value: unknown): Record<string, unknown> | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : null;

function asText(value: unknown): string | null {
  if (typeof value === 'string') return value;
  return typeof value === 'number' ? String(value) : null;
}
