/**
 * A registry of npm with the packages that are installed here, so that a real `npm install` needs no network: it picks the
 * versions by the ranges that a package asks for, as anywhere, only that there is but one of each.
 */
import { execFile } from 'node:child_process';
import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { cp } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { basename, dirname, join } from 'node:path';
import { promisify } from 'node:util';

type Manifest = { name: string; version: string; dependencies?: Record<string, string> };
type Installed = { manifest: Manifest; folder: string };

export type Registry = { readonly url: string; close(): Promise<void> };

/**
 * With the dependencies of the package in this folder, and theirs. What is optional is not there, and npm goes on without.
 * `dir`: for its files.
 */
export async function openRegistry(folder: string, dir: string): Promise<Registry> {
  const packages = new Map<string, Installed>();
  addDependencies(folder, packages);
  const server = createServer((request, response) => {
    const [, name = '', file] = /^\/(.+?)(?:\/-\/(.+\.tgz))?$/.exec(decodeURIComponent(request.url ?? '')) ?? [];
    const found = packages.get(name);
    if (!found) return void response.writeHead(404).end('{}');
    if (file) return void pack(found, dir).then((tarball) => response.end(tarball));
    return void response.end(JSON.stringify(packument(found.manifest, `http://${request.headers.host}`)));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Of a copy: in the store equal files are links to one another, and npm takes no links out of a tarball. */
async function pack({ folder, manifest }: Installed, dir: string): Promise<Buffer> {
  const copy = join(dir, manifest.name);
  await cp(folder, copy, { recursive: true, filter: (path) => basename(path) !== 'node_modules' });
  const options = { encoding: 'buffer', maxBuffer: 100 * 2 ** 20 } as const;
  const { stdout } = await promisify(execFile)('tar', ['-czf', '-', '-C', dirname(copy), basename(copy)], options);
  return stdout;
}

function addDependencies(folder: string, packages: Map<string, Installed>): void {
  const { dependencies = {} } = manifestIn(folder);
  for (const name of Object.keys(dependencies)) {
    if (packages.has(name)) continue;
    const installed = realpathSync(folderOf(name, folder));
    packages.set(name, { manifest: manifestIn(installed), folder: installed });
    addDependencies(installed, packages);
  }
}

const manifestIn = (folder: string): Manifest => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Where Node finds it from there. */
function folderOf(name: string, from: string): string {
  const here = join(from, 'node_modules', name);
  if (existsSync(here)) return here;
  if (dirname(from) === from) throw new Error(`${name} is not installed`);
  return folderOf(name, dirname(from));
}

function packument(manifest: Manifest, url: string) {
  const { name, version } = manifest;
  const dist = { tarball: `${url}/${name}/-/${basename(name)}-${version}.tgz` };
  return { name, 'dist-tags': { latest: version }, versions: { [version]: { ...manifest, dist } } };
}
