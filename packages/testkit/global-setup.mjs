/** Before the first test: opens what the shared servers are reached through, which start when they are first asked for. */
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export default async function setUp() {
  const { openSharedServers } = await import('./src/servers/shared-servers.ts');
  const { SERVERS_VARIABLE } = await import('./src/servers/shared-answers.ts');
  const { LEFT_OUT_VARIABLE } = await import('./src/servers/left-out.ts');
  const servers = await openSharedServers({
    redisUrl: redisOf(process.env.QUEUE_URL),
    redisCache: fileURLToPath(new URL('../../node_modules/.cache/lazada-sof/redis', import.meta.url)),
  });
  process.env[SERVERS_VARIABLE] = servers.url;
  process.env[LEFT_OUT_VARIABLE] = join(servers.dir, 'left-out.jsonl');
  globalThis.testkitServers = servers;
}

const redisOf = (queueUrl) => (queueUrl?.startsWith('redis') ? queueUrl : undefined);
