/** A process of its own with a worker or a limiter, for what only another process can show: dying, and sharing a rate. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { until } from '@lazada-sof/local';
import type { QueueServer } from '@lazada-sof/queue';

export type ProcessTask =
  /** Holds every job that it gets, or ends its own process by it. Prints the order of each. */
  | { does: 'hold' | 'die'; server: QueueServer; timing: { lock: number; stalledEvery: number } }
  /** Takes so many slots of this account, all asked for at once. Prints the moment of each. */
  | { does: 'take'; server: QueueServer; perSecond: number; accountId: string; slots: number };

export type QueueProcess = {
  /** What it has printed so far. */
  printed: readonly string[];
  untilPrinted(lines: number): Promise<void>;
  /** By SIGKILL. */
  kill(): Promise<void>;
  ended: Promise<void>;
};

const running = new Set<ChildProcess>();

/** Kills those that a test left running, because it failed before their end. */
export async function killQueueProcesses(): Promise<void> {
  const left = [...running];
  const ended = left.map(untilEnded);
  for (const child of left) child.kill('SIGKILL');
  await Promise.all(ended);
}

export function startQueueProcess(task: ProcessTask): QueueProcess {
  const main = fileURLToPath(new URL('./queue-process-main.ts', import.meta.url));
  const child = spawn(process.execPath, [main], { stdio: ['pipe', 'pipe', 'inherit'] });
  running.add(child);
  child.once('close', () => running.delete(child));
  child.stdin.end(JSON.stringify(task));
  const printed: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => printed.push(line));
  const ended = untilEnded(child);
  return {
    printed,
    ended,
    async untilPrinted(lines) {
      await until(() => printed.length >= lines, { what: `the process has printed ${lines} lines`, withinMs: 45_000 });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

const untilEnded = (child: ChildProcess) => new Promise<void>((resolve) => child.once('close', () => resolve()));
