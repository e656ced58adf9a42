/**
 * The renderer as our child: what it reads and draws is foreign, and it has none of what we hold. Its environment holds
 * nothing of ours, its token comes by its standard input, it listens at a path in a folder of its own, and it ends when its input ends, so
 * that none is left however we end.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdir, mkdtemp, rmdir, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface, type Interface } from 'node:readline';
import type { RendererAddress } from '@lazada-sof/clients';
import { type Cell, cellHere, cellsFor, commandIn, lacksOf, type Tools, toolsHere } from './cell.ts';
import { browserTrouble } from './failures.ts';
import { MOST_TOGETHER, watchMemory } from './memory-watch.ts';

export type RendererProcess = {
  /** Of the one that runs; started where none does. */
  address(): Promise<RendererAddress>;
  /** Ends it at once, with whatever it is at; the next call starts another. */
  kill(): void;
  /** Waits a moment for the end of one that has broken off: another may be asked then. */
  settled(): Promise<void>;
  /** For good. */
  close(): Promise<void>;
};

export type RendererProcessOptions = {
  /** The renderer's `main.ts`. */
  readonly program: string;
  readonly log?: { info(message: string): void; warn(message: string): void };
  /** Left out: those of this machine. */
  readonly tools?: Tools;
  /** What it may take where the kernel does not limit it. */
  readonly mostBytes?: number;
};

/** Whoever lost an answer notices it before we notice the end of its process. */
const SETTLED_MS = 1_000;

export function rendererProcess(options: RendererProcessOptions): RendererProcess {
  let current: Promise<Child> | undefined;
  let isClosed = false;

  function start(): Promise<Child> {
    const starting = startChild(options);
    const forget = () => {
      if (current === starting) current = undefined;
    };
    starting.then(({ ended }) => ended).then(forget, forget);
    return starting;
  }

  async function end() {
    const ended = current;
    current = undefined;
    await ended?.then((child) => child.kill()).catch(() => undefined);
  }

  return {
    async address() {
      if (isClosed) throw browserTrouble('the renderer was closed');
      current ??= start();
      return (await current).address;
    },
    kill: () => void end(),
    async settled() {
      const ending = current?.then(({ ended }) => ended).catch(() => undefined);
      await Promise.race([ending, new Promise((resolve) => setTimeout(resolve, SETTLED_MS).unref())]);
    },
    async close() {
      isClosed = true;
      await end();
    },
  };
}

type Child = {
  readonly address: RendererAddress;
  readonly ended: Promise<unknown>;
  kill(): Promise<void>;
};

const START_MS = 30_000;
/** Its heap would otherwise wait with what is over until there is a gigabyte of it. */
const LIMITS = ['--max-old-space-size=192', '--max-semi-space-size=4'];

/** Of ours nothing. A user without a name has no home, which is asked for when the browser's driver is loaded. */
const ENVIRONMENT = { HOME: '/nonexistent' };

async function startChild({
  program,
  log,
  tools = toolsHere(),
  mostBytes = MOST_TOGETHER,
}: RendererProcessOptions): Promise<Child> {
  const isRoot = process.getuid?.() === 0;
  const outer = await outerFolder();
  // Mode 0700: whoever else is on this machine does not reach it.
  const folder = join(outer, 'own');
  await mkdir(folder, { mode: 0o700 });
  const owned = async ({ user }: Cell) => {
    if (isRoot) await chown(folder, user?.uid ?? 0, user?.gid ?? 0);
    return { reads: program, writes: folder };
  };
  const cell = await cellHere(cellsFor({ isRoot, tools }), owned, tools);
  for (const lack of lacksOf(cell, { isRoot })) log?.warn(lack);
  const node = [process.execPath, ...LIMITS, program, join(folder, 'socket')];
  const { file, args, user } = commandIn(cell, node, tools);
  const child = spawn(file, args, { ...user, env: ENVIRONMENT, cwd: '/', stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = once(child, 'close').finally(() => removeFolders(folder, outer));
  const kill = async () => {
    child.kill('SIGKILL');
    await ended.catch(() => undefined);
  };
  const token = randomBytes(32).toString('base64url');
  // It may end before it has read.
  child.stdin.on('error', () => undefined).write(`${token}\n`);
  try {
    const { says = [], ...where } = await saidBy(child, ended);
    for (const warning of says) log?.warn(warning);
    if (!cell.limited) watchChild(child, ended, { mostBytes, log });
    log?.info(`the renderer runs as process ${child.pid}`);
    return { address: { url: 'http://renderer', ...where, token }, ended, kill };
  } catch (error) {
    await kill();
    throw error;
  }
}

/** The renderer may pass through it and change nothing in it: else it could put another folder in the place of its own. */
async function outerFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lazada-sof-renderer-'));
  await chmod(folder, 0o711);
  return folder;
}

/** What else lies there is foreign: nothing is followed and nothing else taken away. */
async function removeFolders(folder: string, outer: string): Promise<void> {
  await unlink(join(folder, 'socket')).catch(() => undefined);
  await rmdir(folder)
    .then(() => rmdir(outer))
    .catch(() => undefined);
}

type Watched = { readonly mostBytes: number; readonly log: RendererProcessOptions['log'] };

function watchChild(child: ChildProcess, ended: Promise<unknown>, { mostBytes, log }: Watched): void {
  if (!child.pid) return;
  const onPassed = () => {
    log?.warn(`the renderer took more than ${Math.round(mostBytes / 1024 ** 2)} MB and is replaced`);
    child.kill('SIGKILL');
  };
  const watch = watchMemory({ pid: child.pid, mostBytes, onPassed });
  ended.then(watch.close, watch.close);
}

type Said = { readonly url?: string; readonly socketPath?: string; readonly says?: readonly string[] };

/** Where it is and what it lacks, or why it does not start. */
async function saidBy(child: ChildProcess, ended: Promise<unknown>): Promise<Said> {
  let complaint = '';
  child.stderr?.on('data', (chunk: Buffer) => {
    complaint = `${complaint}${chunk}`.slice(-2_000);
  });
  const line = once(linesOf(child), 'line', { signal: AbortSignal.timeout(START_MS) });
  const early = ended.then(() => {
    throw browserTrouble(`the renderer does not start (${complaint.trim().split('\n').at(-1)})`);
  });
  const [said] = (await Promise.race([line, early])) as [string];
  early.catch(() => undefined);
  return JSON.parse(said);
}

const linesOf = ({ stdout }: ChildProcess): Interface =>
  createInterface({ input: stdout as NonNullable<typeof stdout> });
