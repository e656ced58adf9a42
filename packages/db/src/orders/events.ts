/** What happened, in the order in which it happened. */
import type { EventKind } from '@lazada-sof/orders';
import { type Gathering, groupCommit } from '../sql/group-commit.ts';
import type { Prisma, PrismaClient } from '../sql/prisma.ts';

export type TimelineEvent = {
  readonly eventId: string;
  readonly at: Date;
  readonly kind: EventKind;
  readonly source: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** Lazada's. */
  readonly requestId: string | null;
};

export interface Events {
  /** Oldest first. */
  ofOrder(orderId: string): Promise<TimelineEvent[]>;
  /**
   * How long ago the host last set a flag of this order; null: it never did. As of the time at which it is asked: the answer
   * may take a second, in which others gather.
   */
  secondsSinceFlag(orderId: string): Promise<number | null>;
}

/** A figure for people, who look at it every few seconds. What a shutdown finds still gathering is not counted. */
const FIGURES: Gathering = { apartMs: 1_000, mostRequests: 1_000 };

export function openEvents(prisma: PrismaClient, clock: () => number): Events {
  const sinceFlag = groupCommit<Asked, number | null>((asked) => secondsSinceFlags(prisma, asked, clock()), FIGURES);
  return {
    secondsSinceFlag: (orderId) => sinceFlag.load({ orderId, at: clock() }),
    async ofOrder(orderId) {
      const where = { orderId: BigInt(orderId) };
      return (await prisma.orderEvent.findMany({ where, orderBy: { id: 'asc' } })).map(toTimelineEvent);
    },
  };
}

type Asked = { readonly orderId: string; readonly at: number };

async function secondsSinceFlags(
  prisma: PrismaClient,
  asked: readonly Asked[],
  now: number,
): Promise<(number | null)[]> {
  const orderIds = asked.map(({ orderId }) => BigInt(orderId));
  const waited = asked.map(({ at }) => (now - at) / 1_000);
  const rows = await prisma.$queryRaw<{ seconds: number | null }[]>`
    select extract(epoch from clock_timestamp() - max(e.at))::float8 - a.waited as seconds
      from unnest(${orderIds}::bigint[], ${waited}::float8[]) with ordinality as a (order_id, waited, place)
      left join public.order_lazada_event e
        on e.order_id = a.order_id and e.kind = 'flag_set' and e.at <= clock_timestamp() - a.waited * interval '1 s'
     group by a.place, a.waited
     order by a.place`;
  return rows.map(({ seconds }) => seconds);
}

type EventRow = Prisma.OrderEventGetPayload<object>;

function toTimelineEvent({ id, at, kind, source, data, requestId }: EventRow): TimelineEvent {
  // Only our triggers and `change` write events, both from the list of kinds and with an object as data.
  return { eventId: String(id), at, kind: kind as EventKind, source, data: data as Record<string, unknown>, requestId };
}
