/**
 * Child processes that are stopped together and in order: services first, then the queue, the database last. Each is a
 * process group of its own, so that Ctrl-C on the terminal does not reach the database before the services that still
 * write to it.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, mkdirSync, openSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { createInterface } from 'node:readline';
import { type Reaper, startReaper } from './reaper.ts';

export type Stage = 'service' | 'queue' | 'database';

/** PostgreSQL stops at once by SIGINT; by SIGTERM it waits for every client. */
const STOP = {
  service: { signal: 'SIGTERM', deadlineMs: 30_000 },
  queue: { signal: 'SIGTERM', deadlineMs: 5_000 },
  database: { signal: 'SIGINT', deadlineMs: 10_000 },
} as const satisfies Record<Stage, { signal: NodeJS.Signals; deadlineMs: number }>;
const STAGES = Object.keys(STOP) as Stage[];

export type ChildOptions = {
  name: string;
  stage: Stage;
  command: string;
  args: readonly string[];
  env: Readonly<Record<string, string>>;
  cwd?: string;
  /** Given on the standard input, which is closed then. */
  input?: string;
  user?: { uid: number; gid: number };
  /** Everything that it prints is appended here. */
  logFile: string;
  onLine?: (line: string) => void;
};

export type Exit = { code: number | null; signal: NodeJS.Signals | null };

export type Child = {
  readonly name: string;
  readonly pid: number;
  /** Resolves when it has ended and all that it printed has been read. */
  readonly exited: Promise<Exit>;
  running(): boolean;
  /** Stops it as its kind wants to be stopped; at the deadline by SIGKILL. */
  stop(): Promise<Exit>;
  kill(signal: NodeJS.Signals): Promise<Exit>;
};

export type Children = {
  /** @throws Error where the program cannot be started, or all are being stopped */
  start(options: ChildOptions): Promise<Child>;
  /** The folder is removed when all have stopped, however this process ends. */
  deleteAtEnd(folder: string): void;
  /** Stops all that run, in order. Nothing is left when this resolves, and nothing can be started any more. */
  stop(): Promise<void>;
};

export function openChildren(): Children {
  const running = new Map<Child, Stage>();
  let reaper: Reaper | undefined;
  let isClosed = false;
  return {
    async start(options) {
      if (isClosed) throw new Error(`${options.name} is not started: all are being stopped`);
      reaper ??= startReaper();
      const child = await startChild(options, reaper);
      running.set(child, options.stage);
      void child.exited.then(() => running.delete(child));
      return child;
    },
    deleteAtEnd(folder) {
      reaper ??= startReaper();
      reaper.deleteAtEnd(folder);
    },
    async stop() {
      isClosed = true;
      for (const stage of STAGES) {
        const ofStage = [...running].filter(([, its]) => its === stage).map(([child]) => child);
        await Promise.all(ofStage.map((child) => child.stop()));
      }
      await reaper?.close();
      reaper = undefined;
    },
  };
}

async function startChild(options: ChildOptions, reaper: Reaper): Promise<Child> {
  const { name, stage, command, args, env, cwd, user } = options;
  const spawned = spawn(command, args, { cwd, env, ...user, detached: true, stdio: ['pipe', 'pipe', 'pipe'] });
  spawned.stdin.on('error', () => undefined); // it may end before it has read
  spawned.stdin.end(options.input);
  const closeLog = readOutput(spawned, options);
  const exited = endOf(spawned).finally(closeLog);
  const pid = await pidOf(spawned, name);
  reaper.add(stage, pid);
  void exited.then(() => reaper.gone(stage, pid));
  return handle({ name, pid, stage, spawned, exited });
}

async function pidOf(spawned: ChildProcess, name: string): Promise<number> {
  if (spawned.pid === undefined) {
    const [cause] = await once(spawned, 'error').catch((error: unknown) => [error]);
    throw new Error(`${name} could not be started: ${String(cause)}`, { cause });
  }
  return spawned.pid;
}

function handle(child: Pick<Child, 'name' | 'pid' | 'exited'> & { stage: Stage; spawned: ChildProcess }): Child {
  const { name, pid, exited, stage, spawned } = child;
  const kill = (signal: NodeJS.Signals) => {
    spawned.kill(signal);
    return exited;
  };
  return {
    name,
    pid,
    exited,
    running: () => spawned.exitCode === null && spawned.signalCode === null,
    kill,
    stop() {
      const hard = setTimeout(() => spawned.kill('SIGKILL'), STOP[stage].deadlineMs);
      return kill(STOP[stage].signal).finally(() => clearTimeout(hard));
    },
  };
}

/** Every line to the log file and to `onLine`. Answers how the file is closed. */
function readOutput(spawned: ChildProcess, { logFile, onLine }: ChildOptions): () => void {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a');
  for (const input of [spawned.stdout, spawned.stderr]) {
    if (!input) continue;
    createInterface({ input }).on('line', (line) => {
      writeSync(log, `${line}\n`);
      onLine?.(line);
    });
  }
  return () => closeSync(log);
}

function endOf(spawned: ChildProcess): Promise<Exit> {
  return new Promise((resolve) => {
    spawned.once('exit', () => killGroup(spawned.pid));
    spawned.once('close', (code, signal) => resolve({ code, signal }));
    spawned.once('error', () => resolve({ code: null, signal: null }));
  });
}

/** What it started itself (a browser) would outlive it where it was killed, and hold its output open. */
function killGroup(pid: number | undefined): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody of the group is left, which is the usual case.
  }
}
