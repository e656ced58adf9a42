import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

const GROUND = ['orders', 'runtime', 'clients'];
const MIDDLE = ['queue', 'db', 'connectors'];

/** Who may know whom of us. The ground floor knows nobody, the middle the ground, the top wires both together. */
const ALLOWED: Readonly<Record<string, readonly string[]>> = {
  'packages/orders': [],
  'packages/runtime': [],
  'packages/clients': [],
  'packages/queue': GROUND,
  'packages/db': GROUND,
  'packages/connectors': GROUND,
  'packages/cli': [...GROUND, ...MIDDLE],
  'packages/local': ['runtime', 'db'],
  'packages/testkit': [...GROUND, ...MIDDLE, 'local', 'simulator'],
  // They enqueue and call nobody outside.
  'services/scheduler': ['orders', 'runtime', 'queue', 'db'],
  'services/api': ['orders', 'runtime', 'queue', 'db'],
  // Code shared with the clients would make both wrong together.
  'services/simulator': ['runtime'],
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

/** Our own packages among its dependencies; those of tests alone are in the root's. */
function known(folder: string): string[] {
  const manifest = JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
  const names = Object.keys({ ...manifest.dependencies, ...manifest.devDependencies, ...manifest.peerDependencies });
  return names.filter((name) => name.startsWith('@lazada-sof/')).map((name) => name.replace('@lazada-sof/', ''));
}

test.each(folders)('%s knows only whom it may know', (folder) => {
  expect(Object.keys(ALLOWED)).toContain(folder);
  expect(known(folder).filter((name) => !ALLOWED[folder]?.includes(name))).toEqual([]);
});
