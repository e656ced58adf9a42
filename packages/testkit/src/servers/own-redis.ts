import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from '@jest/globals';
import { freePort, openChildren, startRedis, until } from '@lazada-sof/local';
import { Redis } from 'ioredis';
import { leaveOut } from './left-out.ts';

/** One command to that server, `CONFIG SET …`. */
export type Say = (...command: readonly [string, ...string[]]) => Promise<unknown>;

/**
 * A suite on a Redis of its own, for tests that change its settings; or on a cluster of one server. Left out, loudly, where
 * none is installed.
 */
export async function describeOnOwnRedis(
  title: string,
  suite: (url: string, say: Say) => void,
  { isCluster = false } = {},
): Promise<void> {
  const children = openChildren();
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-redis-'));
  const redis = await startRedis({ children, dir, durable: false, more: isCluster ? await clusterLines() : [] });
  if ('missing' in redis) {
    rmSync(dir, { recursive: true, force: true });
    leaveOut({ what: title, why: redis.missing, remedy: 'install one (sudo apt-get install redis-server)' });
    return void describe.skip(title, () => suite('redis://none', saying('redis://none')));
  }
  describe(title, () => {
    afterAll(async () => {
      await children.stop();
      rmSync(dir, { recursive: true, force: true });
    });
    if (isCluster) beforeAll(() => takeAllSlots(saying(redis.url)));
    suite(redis.url, saying(redis.url));
  });
}

const saying =
  (url: string): Say =>
  async (name, ...rest) => {
    const redis = new Redis(url);
    return redis.call(name, ...rest).finally(() => redis.disconnect());
  };

/** It has to know its own address: whoever connects is sent there. */
const clusterLines = async (): Promise<string[]> => [
  'cluster-enabled yes',
  'cluster-announce-ip 127.0.0.1',
  `cluster-port ${await freePort()}`,
];

async function takeAllSlots(say: Say): Promise<void> {
  await say('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
  const isReady = async () => /cluster_state:ok/.test(String(await say('CLUSTER', 'INFO')));
  await until(isReady, { what: 'a cluster of one server', withinMs: 30_000 });
}
