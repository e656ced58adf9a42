import type { Logger } from '@lazada-sof/runtime';
import { Pool } from 'pg';
import { addressOf } from '../server/redis.ts';
import { ASK_AGAIN_MS, FAILURES_IN_A_ROW, PROBE_MS, SLOT_LASTS_MS, type SlotStore, type Taken } from './slot-store.ts';

/**
 * Unlogged: after a crash of the server the limits begin anew. Times are milliseconds of the server's clock, read after
 * the row is locked: `now()` would stand still while a row is waited for, and two who waited would get one slot.
 */
const SCHEMA = `
select pg_advisory_xact_lock(hashtext('sof_limiter'));
create schema if not exists sof_limiter;
create unlogged table if not exists sof_limiter.slot (
  name text primary key,
  next_ms float8 not null default 0,
  paused_ms float8 not null default 0,
  probe_ms float8 not null default 0,
  failed int not null default 0,
  level int not null default 0
);
create or replace function sof_limiter.now_ms() returns float8 language sql volatile as $$
  select extract(epoch from clock_timestamp())::float8 * 1000
$$;
create or replace function sof_limiter.locked(p_name text) returns sof_limiter.slot language plpgsql as $$
declare v_slot sof_limiter.slot;
begin
  insert into sof_limiter.slot (name) values (p_name) on conflict do nothing;
  select * into v_slot from sof_limiter.slot where name = p_name for no key update;
  return v_slot;
end $$;
create or replace function sof_limiter.take(
  p_account text, p_app text, p_interval float8, p_at_most float8, p_slot float8, out say text, out ms int, out slot float8
) language plpgsql as $$
declare
  v_slot sof_limiter.slot := sof_limiter.locked(p_account);
  v_now float8 := sof_limiter.now_ms();
  v_until float8 := greatest(v_slot.paused_ms, (select paused_ms from sof_limiter.slot where name = p_app));
  v_paused float8 := v_until - v_now;
  v_next float8 := greatest(v_slot.next_ms, v_now);
  v_wait float8 := v_next - v_now;
  v_has_slot boolean := v_now <= p_slot + greatest(p_interval, ${SLOT_LASTS_MS});
begin
  if v_paused > 0 then
    -- An app's pause is from now on this account's own, for whoever knows the account alone.
    update sof_limiter.slot set paused_ms = v_until where name = p_account and paused_ms < v_until;
    say := 'paused'; ms := ceil(v_paused); return;
  end if;
  if not v_has_slot and v_wait > 0 then
    if v_wait <= p_at_most then
      update sof_limiter.slot set next_ms = v_next + p_interval where name = p_account;
    end if;
    say := 'wait'; ms := ceil(v_wait); slot := ceil(v_next); return;
  end if;
  if v_slot.level > 0 then
    if v_slot.probe_ms > v_now then say := 'paused'; ms := ${ASK_AGAIN_MS}; return; end if;
    update sof_limiter.slot set probe_ms = v_now + ${PROBE_MS} where name = p_account;
  end if;
  if not v_has_slot then
    update sof_limiter.slot set next_ms = v_next + p_interval where name = p_account;
  end if;
  say := 'go'; ms := case when v_slot.failed > 0 or v_slot.level > 0 then 1 else 0 end;
end $$;
create or replace function sof_limiter.failed(p_name text, p_pauses int[]) returns int language plpgsql as $$
declare
  v_slot sof_limiter.slot := sof_limiter.locked(p_name);
  v_now float8 := sof_limiter.now_ms();
  v_level int := least(v_slot.level + 1, array_length(p_pauses, 1));
begin
  if v_slot.paused_ms > v_now then return 0; end if;
  if v_slot.level = 0 and v_slot.failed + 1 < ${FAILURES_IN_A_ROW} then
    update sof_limiter.slot set failed = failed + 1 where name = p_name;
    return 0;
  end if;
  update sof_limiter.slot
    set failed = 0, probe_ms = 0, level = v_level, paused_ms = v_now + p_pauses[v_level] where name = p_name;
  return p_pauses[v_level];
end $$;`;

/** The function has no room for a yes or no: with `go`, `ms` is 1 where failures are noted. */
type Told = Exclude<Taken, { kind: 'go' }> | { readonly kind: 'go'; readonly ms: number | null };

/** `say`: PostgreSQL replaces no function whose results have other names than in the database that there is. */
const TAKE = 'select say as kind, ms, slot from sof_limiter.take($1, $2, $3, $4, $5)';
const PAUSE = `insert into sof_limiter.slot as s (name, paused_ms) values ($1, sof_limiter.now_ms() + $2)
  on conflict (name) do update set paused_ms = greatest(s.paused_ms, excluded.paused_ms)`;
const PAUSES = `
  select greatest(0, ceil(coalesce(s.paused_ms, 0) - sof_limiter.now_ms()),
                  case when s.level > 0 and s.probe_ms > sof_limiter.now_ms() then ${ASK_AGAIN_MS} end)::float8 as ms
    from unnest($1::text[]) with ordinality as asked (name, place)
    left join sof_limiter.slot s on s.name = asked.name
   order by asked.place`;
const SUCCEEDED = `update sof_limiter.slot set failed = 0, level = 0, probe_ms = 0
  where name = $1 and (failed > 0 or level > 0)`;
const FAILED = 'select sof_limiter.failed($1, $2) as ms';

export async function openPostgresStore(url: string, log?: Logger): Promise<SlotStore> {
  const pool = new Pool({ connectionString: url, max: 2, connectionTimeoutMillis: 5_000, query_timeout: 5_000 });
  pool.on('error', (error) => log?.warn(`trouble with the limiter's connection: ${error.message}`));
  try {
    await pool.query(SCHEMA);
  } catch (cause) {
    await pool.end();
    throw new Error(`limiter at ${addressOf(url)} cannot be had: ${(cause as Error).message}`, { cause });
  }
  return {
    async take({ account, app }, { intervalMs, atMostMs, slot }) {
      const { rows } = await pool.query<Told>(TAKE, [account, app ?? account, intervalMs, atMostMs, slot ?? 0]);
      const told = rows[0] as Told; // a function's out parameters are always one row
      // Null by the function of an older version, which is what its process makes of it when it starts.
      return told.kind === 'go' ? { kind: 'go', troubled: told.ms !== 0 } : told;
    },
    async pause(name, ms) {
      await pool.query(PAUSE, [name, ms]);
    },
    pauses: async (names) => (await pool.query<{ ms: number }>(PAUSES, [names])).rows.map(({ ms }) => ms),
    async succeeded(name) {
      await pool.query(SUCCEEDED, [name]);
    },
    async failed(name, pausesMs) {
      const { rows } = await pool.query<{ ms: number }>(FAILED, [name, pausesMs]);
      return rows[0]?.ms ?? 0;
    },
    close: () => pool.end(),
  };
}
