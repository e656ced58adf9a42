/** The events under which requests are found again: one per order and request, for as long as the order is kept. */
import type { SentEnd } from '@lazada-sof/orders';
import type { Queryable } from '../sql/pool.ts';

/** `sent`: what the marketplace had accepted when it was written. */
export type RequestEvent = {
  readonly eventId: string;
  readonly sent: readonly SentEnd[];
  /** What it said, in short; null: it was no update's. */
  readonly saying: string | null;
};
export type RequestKey = { readonly orderId: string; readonly requestId: string };
export type RequestEvents = (key: RequestKey) => RequestEvent | undefined;

/** The index that forbids a second one. */
export const ONCE = 'order_lazada_event_request';

const FIND = `
  select d.order_id::text as "orderId", d.request_id as "requestId", e.id::text as "eventId", e.data -> 'sent' as sent,
         e.data ->> 'saying' as saying
    from unnest($1::bigint[], $2::text[]) as d (order_id, request_id)
    join public.order_lazada_event e
      on e.order_id = d.order_id and e.data ? 'requestId' and e.data ->> 'requestId' = d.request_id`;

/** As jsonb keeps them. */
type StoredEnd = Omit<SentEnd, 'sentAt'> & { readonly sentAt: string };
/** `requestId`: null where the event is no request's. */
export type EventRow = {
  readonly orderId: string;
  readonly requestId: string | null;
  readonly eventId: string;
  readonly sent: readonly StoredEnd[] | null;
  readonly saying: string | null;
};

export async function findRequests(client: Queryable, keys: readonly RequestKey[]): Promise<RequestEvents> {
  if (keys.length === 0) return () => undefined;
  const values = [keys.map(({ orderId }) => orderId), keys.map(({ requestId }) => requestId)];
  return byRequest((await client.query<EventRow>(FIND, values)).rows);
}

export function byRequest(rows: readonly EventRow[]): RequestEvents {
  const events = new Map(rows.map((row) => [nameOf(row), eventOf(row)]));
  return (key) => events.get(nameOf(key));
}

const nameOf = ({ orderId, requestId }: Pick<EventRow, 'orderId' | 'requestId'>) => `${orderId} ${requestId}`;
const eventOf = ({ eventId, sent, saying }: EventRow): RequestEvent => ({
  eventId,
  saying,
  sent: (sent ?? []).map((end) => ({ ...end, sentAt: new Date(end.sentAt) })),
});
