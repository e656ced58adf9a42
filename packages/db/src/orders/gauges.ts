/** How many orders stand where, read from partial indexes and never by a count over all rows. */
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';

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
  /** By the account's name, seconds until its Open Platform token ends. */
  readonly tokenEndsInSeconds: Readonly<Record<string, number>>;
};

/** Word for word the conditions of the indexes `order_lazada_open` and `order_lazada_asked`. */
const OPEN = `select status as label, count(*) as value from public.order_lazada
  where status not in ('new', 'delivered', 'not_delivered', 'cancelled') group by status
  union all
  select 'new', count(*) from public.order_lazada
   where status = 'new' and (asked_at is not null or items_read_at is not null
                             or hold_reason is not null or blocked_step is not null)
  having count(*) > 0`;
const HELD = `select hold_reason as label, count(*) as value from public.order_lazada
  where hold_reason is not null group by hold_reason`;
const BLOCKED = 'select step as label, count(*) as value from public.order_lazada_step where blocked group by step';
const INVOICES = `select invoice_status as label, count(*) as value from public.order_lazada
  where invoice_status not in ('none', 'uploaded') group by invoice_status`;
const TOKENS = `select a.name as label, extract(epoch from a.access_token_expires_at - clock_timestamp()) as value
  from account.lazada a where ${ACTIVE} and a.access_token_expires_at is not null`;

export async function readGauges(pool: pg.Pool): Promise<Gauges> {
  const read = async (text: string) => {
    const { rows } = await pool.query<{ label: string; value: string }>(text);
    return Object.fromEntries(rows.map(({ label, value }) => [label, Number(value)]));
  };
  const [open, held, blocked, invoicesOpen, tokenEndsInSeconds] = await Promise.all([
    read(OPEN),
    read(HELD),
    read(BLOCKED),
    read(INVOICES),
    read(TOKENS),
  ]);
  return { open, held, blocked, invoicesOpen, tokenEndsInSeconds };
}
