/** `packages/enqueue` as others get it: packed, installed into an empty project, run by plain Node, compiled against. */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { selfSignedCertificate } from '@lazada-sof/simulator/file-targets';
import { Redis } from 'ioredis';
import { describeOnOwnRedis } from '../servers/own-redis.ts';
import { openSenderProject, type SenderProject } from './sender-project.ts';
import { openTlsDoor, type TlsDoor } from './tls-door.ts';

const SEND = `
import { enqueue } from '@lazada-sof/enqueue';
const { QUEUE_URL: url } = process.env;
await enqueue({ account: 'demo-sg', orderNumber: '400100000214683', status: 'delivered' }, { url });
console.log('sent');
`;
const FROM_COMMONJS = `
const { enqueue } = require('@lazada-sof/enqueue');
const { QUEUE_URL: url } = process.env;
enqueue([{ account: 'demo-sg', orderNumber: '4', status: 'shipped' }], { url }).then(() => console.log('sent'));
`;
const TYPED = `
import { enqueue, type OrderUpdate } from '@lazada-sof/enqueue';
const updates: OrderUpdate[] = [
  { account: 'demo-sg', orderNumber: '4', status: 'delivered', occurredAt: new Date(0).toISOString() },
  { v: 1, account: 'demo-sg', orderNumber: '4', carrier: 'dhl', carrierTrackingNumber: 'D1' },
];
const sent: Promise<void> = enqueue(updates, { url: 'redis://localhost', prefix: '{sof}' });
await sent;
// @ts-expect-error
await enqueue({ account: 'demo-sg', orderNumber: '4', status: 'deliverd' }, { url: 'redis://localhost' });
// @ts-expect-error
await enqueue({ account: 'demo-sg', orderNumber: 400100000214683 }, { url: 'redis://localhost' });
// @ts-expect-error
await enqueue({ account: 'demo-sg', orderNumber: '4', wieght: 3 }, { url: 'redis://localhost' });
// @ts-expect-error
await enqueue({ account: 'demo-sg', orderNumber: '4' });
`;

const ROOT = new URL('../../../../', import.meta.url);
const [EXAMPLE] = JSON.parse(readFileSync(new URL('docs/order-update.schema.json', ROOT), 'utf8')).examples;

/** The lines of TypeScript on a page that send. */
function linesOf(page: string): string {
  const blocks = readFileSync(new URL(page, ROOT), 'utf8').match(/(?<=^```ts\n)[^`]+(?=^```$)/gm) ?? [];
  return blocks.find((block) => block.includes("from '@lazada-sof/enqueue'")) ?? `throw new Error('${page} has none')`;
}

let project: SenderProject;
beforeAll(async () => {
  project = await openSenderProject();
  project.write('send.js', SEND);
  project.write('send.cjs', FROM_COMMONJS);
  project.write('typed.ts', TYPED);
  project.write('readme.ts', linesOf('README.md'));
}, 120_000);
afterAll(() => project?.close());

test('it brings its code, its declarations and how to use it, and nothing else', () => {
  expect([...project.packed].sort()).toEqual(['README.md', 'package.json', 'src/enqueue.d.ts', 'src/enqueue.js']);
});

test('it brings one BullMQ and one ioredis', () => {
  const installed = readdirSync(join(project.folder, 'node_modules'));
  expect(installed.filter((name) => ['bullmq', 'ioredis'].includes(name))).toEqual(['bullmq', 'ioredis']);
  expect(readdirSync(join(project.folder, 'node_modules/@lazada-sof/enqueue')).sort()).toEqual([
    ...['README.md', 'package.json', 'src'],
  ]);
});

describe('a TypeScript project compiles against it', () => {
  test.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'esnext', moduleResolution: 'bundler' },
  ])('with moduleResolution $moduleResolution', async (options) => {
    expect(await project.compile({ ...options, target: 'es2022', exactOptionalPropertyTypes: true })).toEqual({
      code: 0,
      said: '',
    });
  });
});

test('where Redis is away a script is told so, and ends', async () => {
  const { code, said } = await project.run('send.js', {
    QUEUE_URL: 'redis://:secret@127.0.0.1:1',
    QUEUE_PREFIX: '{test}',
  });
  expect(code).toBe(1);
  expect(said).toContain('Error: the queue at redis://127.0.0.1:1 cannot be reached: connect ECONNREFUSED');
  expect(said).not.toContain('secret');
});

await describeOnOwnRedis('a script of plain Node', (own) => {
  let redis: Redis;
  beforeAll(() => {
    redis = new Redis(own);
  });
  afterAll(() => redis?.disconnect());
  beforeEach(() => redis.flushall());
  const QUEUE = '{lazada-sof}:order-update';
  const sendTo = async (url: string, file = 'send.js', env: Record<string, string> = {}) => {
    const ran = await project.run(file, { QUEUE_URL: url, ...env });
    return { ...ran, added: await redis.llen(`${QUEUE}:wait`) };
  };

  test.each(['send.js', 'send.cjs'])('sends and ends by itself: %s', async (file) => {
    expect(await sendTo(own, file)).toEqual({ code: 0, said: 'sent\n', added: 1 });
  });

  test.each(['README.md', 'packages/enqueue/README.md'])('sends with the very lines of %s', async (page) => {
    project.write('readme.ts', linesOf(page));
    expect(await sendTo(own, 'readme.ts')).toEqual({ code: 0, said: '', added: 1 });
    expect(JSON.parse((await redis.hget(`${QUEUE}:1`, 'data')) ?? '')).toEqual(EXAMPLE);
  });

  describe('over TLS', () => {
    const identity = selfSignedCertificate();
    let door: TlsDoor;
    beforeAll(async () => {
      writeFileSync(join(project.folder, 'ca.pem'), identity.cert);
      door = await openTlsDoor(own, identity);
    });
    afterAll(() => door?.close());

    test('sends to who shows a certificate that it trusts', async () => {
      const trusting = { NODE_EXTRA_CA_CERTS: join(project.folder, 'ca.pem') };
      expect(await sendTo(door.url, 'send.js', trusting)).toEqual({ code: 0, said: 'sent\n', added: 1 });
    });

    test('sends nothing to anybody else', async () => {
      const { code, said, added } = await sendTo(door.url);
      expect({ code, added }).toEqual({ code: 1, added: 0 });
      expect(said).toMatch(
        /Error: the queue at rediss:\/\/127\.0\.0\.1:\d+ cannot be reached: self-signed certificate/,
      );
    });
  });
});
