/** By node:http alone. */
import { Agent, request } from 'node:http';
import { HEADERS, runFloor, TO } from './worker.ts';

const agent = new Agent({ keepAlive: true });

await runFloor(post, () => agent.destroy());

function post(body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const asked = request(TO, { method: 'POST', agent, headers: HEADERS }, (response) => {
      response.resume().once('end', () => resolve(response.statusCode ?? 0));
    });
    asked.once('error', reject).end(body);
  });
}
