/** What of others runs here: exact versions with their hashes, and whose scripts run when they are installed. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { parse } from 'yaml';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');

const folders = ['packages', 'services'].flatMap((floor) =>
  readdirSync(join(ROOT, floor)).map((name) => `${floor}/${name}`),
);
/** What others install beside their own is written as a range: they choose. */
const FOR_OTHERS = 'packages/enqueue';
const EXACT = /^(?:workspace:\*|(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+(?:-[\w.]+)?)$/;

type Manifest = Readonly<Record<string, unknown>>;
const versionsOf = (manifest: Manifest): [string, string][] =>
  ['dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'].flatMap((kind) =>
    Object.entries((manifest[kind] ?? {}) as Record<string, string>),
  );

test.each(['.', ...folders.filter((folder) => folder !== FOR_OTHERS)])('%s names exact versions', (folder) => {
  const versions = versionsOf(JSON.parse(read(`${folder}/package.json`)));
  expect(versions.filter(([, version]) => !EXACT.test(version))).toEqual([]);
});

test('the package manager is one exact version too', () => {
  expect(JSON.parse(read('package.json')).packageManager).toMatch(/^pnpm@\d+\.\d+\.\d+$/);
});

const lock = parse(read('pnpm-lock.yaml')) as {
  readonly packages: Readonly<Record<string, { readonly resolution: Readonly<Record<string, unknown>> }>>;
};

test('every package in the lock file comes from a registry, with its hash', () => {
  const packages = Object.entries(lock.packages);
  expect(packages.length).toBeGreaterThan(500);
  const others = packages.filter(
    ([, { resolution }]) =>
      Object.keys(resolution).join() !== 'integrity' || !/^sha512-[\w+/]{86}==$/.test(String(resolution.integrity)),
  );
  expect(others).toEqual([]);
});

test.each(['packages/local/bootstrap/fetch-packages.mjs', 'deploy/Dockerfile'])('%s installs what it holds', (file) => {
  expect(read(file)).toContain('--frozen-lockfile');
});

test('of all scripts of packages that of Node alone runs, which lays its binary where it belongs', () => {
  const settings = parse(read('pnpm-workspace.yaml')) as Readonly<Record<string, unknown>>;
  const allowed = Object.entries(settings.allowBuilds as Record<string, boolean>);
  expect(allowed.filter(([, may]) => may !== false)).toEqual([['node', true]]);
  const others = Object.keys(settings).filter((name) => /build|script/i.test(name) && name !== 'allowBuilds');
  expect(others).toEqual([]);
});
