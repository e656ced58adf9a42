/** What an update costs at the least: BullMQ, and one upsert per job into a table that has nothing else to do. */
import pg from 'pg';
import { runFloor, TO } from './worker.ts';

/** As many connections as the product opens. */
const pool = new pg.Pool({ connectionString: TO.href, max: 10 });

const UPSERT = `
  insert into public.bare_update (account, order_number, status, occurred_at, request_id) values ($1, $2, $3, $4, $5)
  on conflict (account, order_number) do update
     set status = excluded.status, occurred_at = excluded.occurred_at, request_id = excluded.request_id`;

await runFloor(upsert, () => pool.end());

async function upsert(body: string): Promise<number> {
  const { account, orderNumber, status, occurredAt, requestId } = JSON.parse(body);
  await pool.query(UPSERT, [account, orderNumber, status, occurredAt, requestId]);
  return 202;
}
