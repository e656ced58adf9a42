import { fileURLToPath } from 'node:url';
import { SERVERS_VARIABLE } from '../src/servers/shared-answers.ts';
import { openSharedServers, type SharedServers } from '../src/servers/shared-servers.ts';

const REDIS_CACHE = fileURLToPath(new URL('../../../node_modules/.cache/lazada-sof/redis', import.meta.url));

/** What a test run has: from here on the testkit's databases and queues can be opened. */
export async function openServers(): Promise<SharedServers> {
  const { QUEUE_URL: queueUrl } = process.env;
  const redisUrl = queueUrl?.startsWith('redis') ? queueUrl : undefined;
  const servers = await openSharedServers({ redisUrl, redisCache: REDIS_CACHE });
  process.env[SERVERS_VARIABLE] = servers.url;
  return servers;
}
