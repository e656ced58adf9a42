/** The floor of the status path: BullMQ, and one POST per job over kept connections. No database, no limits, no log. */
import { Agent, request } from 'node:http';
import { Worker } from 'bullmq';
import { Redis } from 'ioredis';

const { BARE_REDIS = '', BARE_PREFIX = '', BARE_URL = '', BARE_CONCURRENCY = '' } = process.env;

const agent = new Agent({ keepAlive: true });
const headers = { 'content-type': 'application/json', authorization: 'JWT token' };

const connection = new Redis(BARE_REDIS, { maxRetriesPerRequest: null });
const worker = new Worker('bare', ({ data }) => post(JSON.stringify(data)), {
  connection,
  prefix: BARE_PREFIX,
  concurrency: Number(BARE_CONCURRENCY),
});
await worker.waitUntilReady();
console.info('ready');

process.once('SIGTERM', async () => {
  await worker.close();
  connection.disconnect();
  agent.destroy();
});

function post(body: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const asked = request(BARE_URL, { method: 'POST', agent, headers }, (response) => {
      response.resume().once('end', () => (response.statusCode === 202 ? resolve() : reject(new Error('no 202'))));
    });
    asked.once('error', reject).end(body);
  });
}
