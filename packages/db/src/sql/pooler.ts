/** Whether a pooler stands between us and the server: what is set on a session there is somebody else's a moment later. */
import type pg from 'pg';

/** A pooler tells its clients numbers of its own for their connections, since it shares the server's. */
export async function isDirect(client: pg.Client): Promise<boolean> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid');
  // The driver keeps the number that it was told when it connected; its types do not know.
  return rows[0]?.pid === (client as unknown as { processID: number | null }).processID;
}
