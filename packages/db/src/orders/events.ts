/** What happened, in the order in which it happened. */
import type { EventKind } from '@lazada-sof/orders';
import { groupCommit } from '../sql/group-commit.ts';
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
  /** How long ago the host last set a flag of this order; null: it never did. */
  secondsSinceFlag(orderId: string): Promise<number | null>;
}

export function openEvents(prisma: PrismaClient): Events {
  const sinceFlag = groupCommit<string, number | null>((orderIds) => secondsSinceFlags(prisma, orderIds));
  return {
    secondsSinceFlag: (orderId) => sinceFlag.load(orderId),
    async ofOrder(orderId) {
      const where = { orderId: BigInt(orderId) };
      return (await prisma.orderEvent.findMany({ where, orderBy: { id: 'asc' } })).map(toTimelineEvent);
    },
  };
}

async function secondsSinceFlags(prisma: PrismaClient, orderIds: readonly string[]): Promise<(number | null)[]> {
  const rows = await prisma.$queryRaw<{ orderId: string; seconds: number }[]>`
    select order_id::text as "orderId", extract(epoch from clock_timestamp() - max(at))::float8 as seconds
      from public.order_lazada_event
     where order_id = any (${orderIds.map(BigInt)}::bigint[]) and kind = 'flag_set'
     group by order_id`;
  const seconds = new Map(rows.map((row) => [row.orderId, row.seconds]));
  return orderIds.map((orderId) => seconds.get(orderId) ?? null);
}

type EventRow = Prisma.OrderEventGetPayload<object>;

function toTimelineEvent({ id, at, kind, source, data, requestId }: EventRow): TimelineEvent {
  // Only our triggers and `change` write events, both from the list of kinds and with an object as data.
  return { eventId: String(id), at, kind: kind as EventKind, source, data: data as Record<string, unknown>, requestId };
}
