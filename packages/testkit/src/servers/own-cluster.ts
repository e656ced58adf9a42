import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe } from '@jest/globals';
import { type Children, freePort, openChildren, startRedis, until } from '@lazada-sof/local';
import { Redis } from 'ioredis';
import { leaveOut } from './left-out.ts';

/** A node of a cluster, `redis+cluster://`, and how many of the 16,384 slots it has. */
export type ClusterNode = { readonly url: string; readonly slots: readonly [first: number, last: number] };

const HALVES: readonly ClusterNode['slots'][] = [
  [0, 8_191],
  [8_192, 16_383],
];

/** A suite on a Redis cluster of two nodes. Left out, loudly, where no Redis is installed. */
export async function describeOnCluster(title: string, suite: (nodes: readonly ClusterNode[]) => void): Promise<void> {
  const children = openChildren();
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-cluster-'));
  const close = async () => {
    await children.stop();
    rmSync(dir, { recursive: true, force: true });
  };
  const nodes = await startNodes(children, dir).catch(async (error: unknown) => {
    await close();
    throw error;
  });
  if ('missing' in nodes) {
    await close();
    leaveOut({ what: title, why: nodes.missing, remedy: 'install one (sudo apt-get install redis-server)' });
    return void describe.skip(title, () => suite([]));
  }
  describe(title, () => {
    afterAll(close);
    suite(nodes);
  });
}

async function startNodes(children: Children, dir: string): Promise<ClusterNode[] | { missing: string }> {
  const password = 'of-the-cluster'; // all nodes have the same: a client asks each of them
  const more = ['cluster-enabled yes', 'cluster-announce-ip 127.0.0.1', `requirepass ${password}`];
  const nodes: { redis: Redis; port: number; slots: ClusterNode['slots'] }[] = [];
  for (const [position, slots] of HALVES.entries()) {
    const port = await freePort();
    const folder = join(dir, String(position));
    const redis = await startRedis({ children, dir: folder, durable: false, more: [...more, `port ${port}`] });
    if ('missing' in redis) return redis;
    nodes.push({ redis: new Redis(port, { password }), port, slots });
  }
  try {
    await joined(nodes);
  } finally {
    for (const { redis } of nodes) redis.disconnect();
  }
  return nodes.map(({ port, slots }) => ({ url: `redis+cluster://:${password}@127.0.0.1:${port}`, slots }));
}

async function joined(nodes: readonly { redis: Redis; port: number; slots: ClusterNode['slots'] }[]): Promise<void> {
  for (const { redis, slots } of nodes) {
    const [first, last] = slots;
    await redis.cluster('ADDSLOTS', ...Array.from({ length: last - first + 1 }, (_, offset) => first + offset));
  }
  const [one, ...others] = nodes;
  for (const { port } of others) await one?.redis.cluster('MEET', '127.0.0.1', port);
  const whole = async () => {
    const states = await Promise.all(nodes.map(({ redis }) => redis.cluster('INFO')));
    return states.every((state) => String(state).includes('cluster_state:ok'));
  };
  await until(whole, { what: 'the cluster is whole', withinMs: 30_000 });
}
