/** By got as it comes: with its own request function, which copies all of its options for each request. */
import { Agent } from 'node:http';
import got from 'got';
import { HEADERS, runFloor, TO } from './worker.ts';

const agent = new Agent({ keepAlive: true, timeout: 4_000 });

const client = got.extend({
  agent: { http: agent },
  followRedirect: false,
  throwHttpErrors: false,
  retry: { limit: 0 },
  timeout: { request: 15_000 },
});

await runFloor(post, () => agent.destroy());

async function post(body: string): Promise<number> {
  const { statusCode } = await client.post(TO, { headers: HEADERS, body });
  return statusCode;
}
