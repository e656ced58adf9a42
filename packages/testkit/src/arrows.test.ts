import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const GROUND = ['orders', 'runtime', 'clients', 'redact'];
const MIDDLE = ['queue', 'db', 'connectors'];

/** Who may know whom of us. The ground floor knows nobody but what redacts, the middle the ground, the top wires both together. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'packages/orders': [],
  'packages/redact': [],
  // Whatever they let out of their hands is without secrets.
  'packages/runtime': ['redact'],
  'packages/clients': ['redact'],
  'packages/queue': GROUND,
  'packages/db': GROUND,
  'packages/connectors': GROUND,
  // Others install it: nothing of ours inside.
  'packages/enqueue': [],
  'packages/cli': [...GROUND, ...MIDDLE],
  // The demonstration's other systems send as any other would.
  'packages/local': ['runtime', 'db', 'enqueue'],
  'packages/testkit': [...GROUND, ...MIDDLE, 'local', 'simulator', 'enqueue'],
  // It reads the folder in which import files are dropped.
  'services/order-update': [...GROUND, ...MIDDLE],
  // They enqueue and call nobody outside.
  'services/scheduler': ['orders', 'runtime', 'queue', 'db'],
  'services/api': ['orders', 'redact', 'runtime', 'queue', 'db'],
  // Code shared with the clients would make both wrong together.
  'services/simulator': ['redact', 'runtime'],
  'services/status-sync': [...GROUND, ...MIDDLE],
  'services/tracking-fetch': [...GROUND, ...MIDDLE],
  'services/invoice-fetch': [...GROUND, ...MIDDLE],
  'services/invoice-upload': [...GROUND, ...MIDDLE],
  'services/carrier-poll': [...GROUND, ...MIDDLE],
  // What it opens is foreign: it knows its own protocol and nothing that holds a secret.
  'services/renderer': ['clients'],
};

const folders = ['packages', 'services'].flatMap((floor) =>
  readdirSync(join(ROOT, floor)).map((name) => `${floor}/${name}`),
);

/** By their versions; those of tests alone are in the root's. */
function dependenciesOf(folder: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  return { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies };
}
const all = (folder: string): string[] => Object.keys(dependenciesOf(folder));

/** Our own packages among them. */
const known = (folder: string): string[] =>
  all(folder)
    .filter((name) => name.startsWith('@lazada-sof/'))
    .map((name) => name.replace('@lazada-sof/', ''));

test.each(folders)('%s knows only whom it may know', (folder) => {
  expect(Object.keys(ALLOWED)).toContain(folder);
  expect(known(folder).filter((name) => !ALLOWED[folder]?.includes(name))).toEqual([]);
});

test('only the queue and what sends into it know BullMQ and Redis', () => {
  const knowing = folders.filter((folder) => ['bullmq', 'ioredis'].some((name) => all(folder).includes(name)));
  expect(knowing.sort()).toEqual(['packages/enqueue', 'packages/queue', 'packages/testkit', 'services/api']);
});

test('what others install brings BullMQ and its Redis as we have them, and nothing else', () => {
  const { bullmq, ioredis } = dependenciesOf('packages/queue');
  expect(dependenciesOf('packages/enqueue')).toEqual({ bullmq: `^${bullmq}`, ioredis: `^${ioredis}` });
});
