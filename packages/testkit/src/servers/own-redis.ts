import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { openChildren, startRedis } from '@lazada-sof/local';
import { Redis } from 'ioredis';
import { leaveOut } from './left-out.ts';

/** One command to that server, `CONFIG SET …`. */
export type Say = (...command: readonly [string, ...string[]]) => Promise<unknown>;

/** A suite on a Redis of its own, for tests that change its settings. Left out, loudly, where none is installed. */
export async function describeOnOwnRedis(title: string, suite: (url: string, say: Say) => void): Promise<void> {
  const children = openChildren();
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-redis-'));
  const redis = await startRedis({ children, dir, durable: false });
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
    suite(redis.url, saying(redis.url));
  });
}

const saying =
  (url: string): Say =>
  async (name, ...rest) => {
    const redis = new Redis(url);
    return redis.call(name, ...rest).finally(() => redis.disconnect());
  };
