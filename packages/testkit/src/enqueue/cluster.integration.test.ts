import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { enqueue, type OrderUpdate } from '@lazada-sof/enqueue';
import { until } from '@lazada-sof/local';
import { selfSignedCertificate } from '@lazada-sof/simulator/file-targets';
import { Redis } from 'ioredis';
import { describeOnCluster } from '../servers/own-cluster.ts';
import { openTlsDoor, type TlsDoor } from './tls-door.ts';

/** Whom a process trusts is settled at its start, so this is one of its own. */
const SEND = `
import { enqueue } from '${import.meta.resolve('@lazada-sof/enqueue')}';
const { QUEUE_URL: url, QUEUE_PREFIX: prefix } = process.env;
await enqueue({ account: 'demo-sg', orderNumber: '4', status: 'delivered' }, { url, prefix });
`;
const UPDATE: OrderUpdate = { account: 'demo-sg', orderNumber: '400100000214683', status: 'delivered' };

await describeOnCluster('a Node system that sends to a cluster', (nodes) => {
  const asOneServer = (url: string) => url.replace('+cluster', '');
  const ask = <Answer>(url: string, question: (redis: Redis) => Promise<Answer>): Promise<Answer> => {
    const redis = new Redis(asOneServer(url));
    return question(redis).finally(() => redis.disconnect());
  };
  const waitingIn = (url: string, prefix: string) => ask(url, (redis) => redis.llen(`${prefix}:order-update:wait`));

  const connectedTo = async (url: string) => {
    const clients = await ask(url, (redis) => redis.info('clients'));
    return Number(/connected_clients:(\d+)/.exec(clients)?.[1]) - 1;
  };
  afterEach(async () => {
    for (const { url } of nodes)
      await until(async () => (await connectedTo(url)) === 0, { what: 'nobody is connected', withinMs: 30_000 });
  });

  // By either node, whichever of them has the slot of that prefix.
  test.each([
    { prefix: '{lazada-sof}', slot: 10_164 },
    { prefix: '{sof}', slot: 4_013 },
  ])('adds to the node that has the slot of $prefix', async ({ prefix, slot }) => {
    for (const { url } of nodes) await enqueue([UPDATE, UPDATE], { url, prefix });
    const owner = nodes.find(({ slots: [first, last] }) => first <= slot && slot <= last);
    expect(await waitingIn(owner?.url ?? '', prefix)).toBe(4);
  });

  test('is told where it takes a node for all of Redis', async () => {
    const [other] = nodes;
    await expect(enqueue(UPDATE, { url: asOneServer(other?.url ?? '') })).rejects.toThrow(/redis\+cluster:\/\//);
  });

  test('is told that it may not sign in, without the password', async () => {
    const wrong = new URL(nodes[0]?.url ?? '');
    wrong.password = 'not-the-password';
    await expect(enqueue(UPDATE, { url: wrong.href })).rejects.toThrow(
      `the queue at redis+cluster://${wrong.host} cannot be reached: WRONGPASS`,
    );
  });

  // The last, since afterwards the nodes name these doors to everybody.
  describe('over TLS', () => {
    const identity = selfSignedCertificate();
    const doors: TlsDoor[] = [];
    let dir: string;
    beforeAll(async () => {
      dir = mkdtempSync(join(tmpdir(), 'lazada-sof-sender-'));
      writeFileSync(join(dir, 'ca.pem'), identity.cert);
      writeFileSync(join(dir, 'send.mjs'), SEND);
      for (const { url } of nodes) doors.push(await openTlsDoor(url, identity));
      for (const [position, { url }] of nodes.entries())
        await ask(url, (redis) => redis.config('SET', 'cluster-announce-port', doors[position]?.port ?? 0));
      const named = async () => {
        const lists = await Promise.all(nodes.map(({ url }) => ask(url, (redis) => redis.cluster('SLOTS'))));
        return lists.every((list) => doors.every(({ port }) => JSON.stringify(list).includes(`,${port},`)));
      };
      await until(named, { what: 'every node names both doors', withinMs: 30_000 });
    });
    afterAll(async () => {
      for (const door of doors) await door.close();
      rmSync(dir, { recursive: true, force: true });
    });

    test('adds to the node that has the slot, by either door', async () => {
      const prefix = '{over-tls}';
      for (const { url } of doors) {
        const env = {
          PATH: process.env.PATH,
          NODE_EXTRA_CA_CERTS: join(dir, 'ca.pem'),
          QUEUE_URL: url,
          QUEUE_PREFIX: prefix,
        };
        await promisify(execFile)(process.execPath, [join(dir, 'send.mjs')], { env });
      }
      const waiting = await Promise.all(nodes.map(({ url }) => waitingIn(url, prefix).catch(() => 0)));
      expect(waiting.sort()).toEqual([0, 2]);
    });
  });
});
