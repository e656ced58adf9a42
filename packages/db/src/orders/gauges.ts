/** How many orders stand where, read from partial indexes and never by a count over all rows. */
import { INVOICE_STATUSES, type TokenTimes, tokenEnd } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE, TOKEN_TIMES } from '../accounts/account-row.ts';
import { countMissingIndexes } from '../days/index-files.ts';

export type Gauges = {
  /**
   * By status, those that have not ended. A `new` one counts once something was asked for it: to set it ready to ship
   * while its account was `sof`, an instruction, a time or a carrier's number (`asked_at`), or once its items were read, or
   * something holds or blocks it. Then it counts also while its account is parked or disabled.
   */
  readonly open: Readonly<Record<string, number>>;
  readonly held: Readonly<Record<string, number>>;
  readonly blocked: Readonly<Record<string, number>>;
  readonly invoicesOpen: Readonly<Record<string, number>>;
  /**
   * By the account's name: orders whose deadline has passed, and those whose is within four hours. Also of a parked
   * account; one that is disabled or no longer `sof` is left out, since nothing reads its orders' items any more.
   */
  readonly late: Readonly<Record<string, number>>;
  readonly dueSoon: Readonly<Record<string, number>>;
  /** By the account's name, seconds until its Open Platform tokens end for good: nobody but the seller can make new ones. */
  readonly tokenEndsInSeconds: Readonly<Record<string, number>>;
  /** By the account's name, days that are over and have no index on the target at 06:00 of the account's clock. */
  readonly indexesMissing: Readonly<Record<string, number>>;
};

/**
 * A range of the partial index for each account and value: half the time of grouping its entries. `where` is the index's
 * condition, word for word.
 */
const countEach = (column: string, values: readonly string[], where: string) => `
  select v.label, counted.value from unnest(array['${values.join("', '")}']) v (label)
   cross join lateral (
         select count(*) as value from public.order_lazada
          where ${where} and ${column} = v.label
            and account_id = any (array(select id::bigint from account.lazada))) counted
   where counted.value > 0`;

const OPEN = countEach(
  'status',
  ['packed', 'ready_to_ship', 'shipped', 'partially_delivered'],
  "status not in ('new', 'delivered', 'not_delivered', 'cancelled')",
);
/** The condition of the index `order_lazada_asked`. */
const NEW = `select 'new' as label, count(*) as value from public.order_lazada
  where status = 'new' and (asked_at is not null or items_read_at is not null
                            or hold_reason is not null or blocked_step is not null)
  having count(*) > 0`;
const HELD = `select hold_reason as label, count(*) as value from public.order_lazada
  where hold_reason is not null group by hold_reason`;
const BLOCKED = 'select step as label, count(*) as value from public.order_lazada_step where blocked group by step';
const INVOICES = countEach(
  'invoice_status',
  INVOICE_STATUSES.filter((status) => status !== 'none' && status !== 'uploaded'),
  "invoice_status not in ('none', 'uploaded')",
);
const TOKENS = `select a.name, ${TOKEN_TIMES}, clock_timestamp() as now from account.lazada a where ${ACTIVE}`;

async function readTokenEnds(pool: pg.Pool): Promise<Record<string, number>> {
  const { rows } = await pool.query<TokenTimes & { name: string; now: Date }>(TOKENS);
  const ends = rows.flatMap(({ name, now, ...times }) => {
    const end = tokenEnd(times, now);
    return end ? [[name, (end.at.getTime() - now.getTime()) / 1_000] as const] : [];
  });
  return Object.fromEntries(ends);
}

/** A range of the index of deadlines for each account. One that has none is told as 0: an alarm of it ends. */
const countDeadlines = (range: string) => `
  select a.name as label, counted.value from account.lazada a
   cross join lateral (
         select count(*) as value from public.order_lazada
          where ship_by is not null and account_id = a.id::bigint and ${range}) counted
   where a.enabled and a.delivery_type = 'sof'`;
const LATE = countDeadlines('ship_by <= now()');
const DUE_SOON = countDeadlines("ship_by > now() and ship_by <= now() + interval '4 h'");

export async function readGauges(pool: pg.Pool): Promise<Gauges> {
  const read = async (text: string) => {
    const { rows } = await pool.query<{ label: string; value: string }>(text);
    return Object.fromEntries(rows.map(({ label, value }) => [label, Number(value)]));
  };
  const [open, asked, held, blocked, invoicesOpen, late, dueSoon, tokenEndsInSeconds, indexesMissing] =
    await Promise.all([
      read(OPEN),
      read(NEW),
      read(HELD),
      read(BLOCKED),
      read(INVOICES),
      read(LATE),
      read(DUE_SOON),
      readTokenEnds(pool),
      countMissingIndexes(pool),
    ]);
  return {
    open: { ...open, ...asked },
    ...{ held, blocked, invoicesOpen, late, dueSoon, tokenEndsInSeconds, indexesMissing },
  };
}
