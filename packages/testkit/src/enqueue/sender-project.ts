/** Another team's project: an empty folder in which the packed tarball of `packages/enqueue` has been installed. */
import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { openRegistry } from './registry-of-workspace.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../../../..', import.meta.url));
const PACKAGE = join(ROOT, 'packages/enqueue');
const TSC = join(ROOT, 'node_modules/typescript/bin/tsc');

export type Ran = { readonly code: number; readonly said: string };

export type SenderProject = {
  readonly folder: string;
  /** What the tarball holds. */
  readonly packed: readonly string[];
  write(file: string, text: string): void;
  /** Runs a file with plain Node. */
  run(file: string, env?: Readonly<Record<string, string>>): Promise<Ran>;
  /** Checks all files of the project, strictly, and the declarations of what it installed. */
  compile(options: Readonly<Record<string, unknown>>): Promise<Ran>;
  close(): void;
};

export async function openSenderProject(): Promise<SenderProject> {
  const dir = mkdtempSync(join(tmpdir(), 'lazada-sof-sender-'));
  const folder = join(dir, 'project');
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const close = () => rmSync(dir, { recursive: true, force: true });
  const packed = await install(folder, dir).catch((error: unknown) => {
    close();
    throw error;
  });
  return {
    folder,
    packed,
    write,
    run: (file, env = {}) => ran(folder, [file], env),
    compile(options) {
      const types = { types: ['node'], typeRoots: [join(ROOT, 'node_modules/@types')] };
      write('tsconfig.json', JSON.stringify({ compilerOptions: { strict: true, noEmit: true, ...types, ...options } }));
      return ran(folder, [TSC, '-p', '.']);
    },
    close,
  };
}

async function install(folder: string, dir: string): Promise<string[]> {
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'sender', private: true, type: 'module' }));
  const registry = await openRegistry(PACKAGE, join(dir, 'registry'));
  const npm = (args: readonly string[], cwd: string) =>
    run('npm', [...args, '--cache', join(dir, 'cache'), '--registry', registry.url], { cwd, env: environment() });
  try {
    const { stdout } = await npm(['pack', '--json', '--pack-destination', dir], PACKAGE);
    const [tarball] = JSON.parse(stdout) as { filename: string; files: { path: string }[] }[];
    await npm(['install', '--no-audit', '--no-fund', `../${tarball?.filename}`], folder);
    return tarball?.files.map(({ path }) => path) ?? [];
  } finally {
    await registry.close();
  }
}

/** Without what npm and jest tell their children: it is somebody else's shell. */
function environment(): NodeJS.ProcessEnv {
  const { PATH, HOME } = process.env;
  return { PATH, HOME };
}

async function ran(cwd: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ran> {
  try {
    const { stdout, stderr } = await run(process.execPath, [...args], { cwd, env: { ...environment(), ...env } });
    return { code: 0, said: `${stdout}${stderr}` };
  } catch (error) {
    const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
    return { code, said: `${stdout}${stderr}` };
  }
}
