/** By undici, with one connection for each job at once. */
import { Pool } from 'undici';
import { HEADERS, runFloor, TO } from './worker.ts';

const pool = new Pool(TO.origin, { connections: Number(process.env.BARE_CONCURRENCY) });

await runFloor(post, () => pool.close());

async function post(body: string): Promise<number> {
  const { statusCode, body: answer } = await pool.request({
    method: 'POST',
    path: TO.pathname,
    headers: HEADERS,
    body,
  });
  await answer.dump();
  return statusCode;
}
