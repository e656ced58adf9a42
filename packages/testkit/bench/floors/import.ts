/** What rows of a file cost at the least: 5,000 at a time, one upsert of an array each, and one insert of an event each. */
import pg from 'pg';

const TABLES = `
  create table if not exists public.bare_row (account text, order_number text, status text, occurred_at timestamptz,
         primary key (account, order_number));
  create table if not exists public.bare_event (id bigserial primary key, account text, order_number text, kind text, data jsonb)`;
const UPSERT = `
  insert into public.bare_row (account, order_number, status, occurred_at)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::timestamptz[])
      on conflict (account, order_number) do update set status = excluded.status, occurred_at = excluded.occurred_at`;
const EVENTS = `
  insert into public.bare_event (account, order_number, kind, data)
  select * from unnest($1::text[], $2::text[], $3::text[], $4::jsonb[])`;
const AT_ONCE = 5_000;

export async function openBareImport(url: string) {
  const pool = new pg.Pool({ connectionString: url, max: 1 });
  await pool.query(TABLES);
  return {
    /** Of lines `account,number,status,time`. */
    async run(lines: readonly string[]): Promise<void> {
      for (let from = 0; from < lines.length; from += AT_ONCE) {
        const rows = lines.slice(from, from + AT_ONCE).map((line) => line.split(','));
        const columns = [0, 1, 2, 3].map((at) => rows.map((row) => row[at]));
        const data = rows.map(([, , status, at]) => JSON.stringify({ status, at }));
        await pool.query('begin');
        await pool.query(UPSERT, columns);
        await pool.query(EVENTS, [columns[0], columns[1], rows.map(() => 'flag_set'), data]);
        await pool.query('commit');
      }
    },
    clear: () => pool.query('truncate public.bare_row, public.bare_event'),
    close: () => pool.end(),
  };
}
