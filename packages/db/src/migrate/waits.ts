/**
 * Says whose transaction a migration waits for. An index that is built concurrently waits for everybody who began before
 * it, minutes where somebody's transaction is open for minutes; nobody waits for it meanwhile.
 */
import type pg from 'pg';
import type { Migrating } from './turns.ts';

export const APPLICATION = 'lazada-sof migrate';
const LOOK_EVERY_MS = 1_000;

/** Users other than ours show no more than their number, unless we may read everybody's statistics. */
const HOLDERS = `
  select holder.pid, coalesce(nullif(holder.application_name, ''), 'unnamed') as application,
         coalesce(extract(epoch from clock_timestamp() - holder.xact_start), 0)::int as seconds
    from pg_stat_activity ours
    cross join lateral unnest(pg_blocking_pids(ours.pid)) as blocking (pid)
    join pg_stat_activity holder on holder.pid = blocking.pid
   where ours.datname = current_database() and ours.application_name = '${APPLICATION}'
     and ours.wait_event_type = 'Lock' and holder.application_name is distinct from '${APPLICATION}'
   order by holder.xact_start limit 1`;

type Holder = { readonly pid: number; readonly application: string; readonly seconds: number };

/** Answers how to stop it. */
export async function watchWaits({ connect, log }: Migrating): Promise<() => Promise<void>> {
  if (!log) return () => Promise.resolve();
  const watcher = await connect();
  const said = new Set<number>();
  let looking = Promise.resolve();
  const look = async () => {
    const holder = await holderOf(watcher);
    if (!holder || said.has(holder.pid)) return;
    said.add(holder.pid);
    log.warn(
      `waiting for a transaction that has been open for ${holder.seconds} s (process ${holder.pid} of PostgreSQL, ${holder.application})`,
    );
  };
  const timer = setInterval(() => {
    looking = looking.then(look).catch(() => undefined);
  }, LOOK_EVERY_MS);
  return async () => {
    clearInterval(timer);
    await looking;
    await watcher.end();
  };
}

const holderOf = async (watcher: pg.Client) => (await watcher.query<Holder>(HOLDERS)).rows[0];
