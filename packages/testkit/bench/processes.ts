/** What processes use of the machine, as Linux tells it under /proc. */
import { readdirSync, readFileSync } from 'node:fs';
import { Redis } from 'ioredis';
import { shared } from '../src/servers/shared-answers.ts';

export type Process = {
  readonly pid: number;
  readonly parent: number;
  /** Of itself and of all that it has seen end. */
  readonly cpuMs: number;
};

const TICK_MS = 10;
const MB_OF_KB = 1 / 1024;

/** The line of /proc/PID/stat. A name may hold blanks and brackets. */
export function parseProcess(stat: string): Process {
  const named = stat.lastIndexOf(')');
  const [, parent, ...rest] = stat.slice(named + 2).split(' ');
  const ticks = rest.slice(9, 13).reduce((sum, field) => sum + Number(field), 0);
  return { pid: Number.parseInt(stat, 10), parent: Number(parent), cpuMs: ticks * TICK_MS };
}

/** This process and all that descend from it. */
export function treeOf(all: readonly Process[], pid: number): Process[] {
  const root = all.filter((one) => one.pid === pid);
  const children = all.filter(({ parent }) => parent === pid);
  return [...root, ...children.flatMap((child) => treeOf(all, child.pid))];
}

/** Milliseconds of CPU that each of these has used since it began, with its descendants. */
export function cpuMsOf(pids: readonly number[]): number[] {
  const all = processes();
  return pids.map((pid) => treeOf(all, pid).reduce((sum, { cpuMs }) => sum + cpuMs, 0));
}

/** Megabytes that it holds now. */
export function memoryOf(pid: number): number {
  const [, kilobytes] = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) * MB_OF_KB;
}

export const memoryOfTree = (pid: number): number =>
  treeOf(processes(), pid).reduce((sum, one) => sum + memoryOf(one.pid), 0);

function processes(): Process[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      return [parseProcess(readFileSync(`/proc/${pid}/stat`, 'utf8'))];
    } catch {
      return []; // it has ended since it was listed
    }
  });
}

type Sql = (text: string) => Promise<{ pid: number }[]>;

/** The servers of this run: PostgreSQL's first process, and Redis. */
export async function serverPids(sql: Sql): Promise<{ postgres: number; redis: number }> {
  const [backend] = await sql('select pg_backend_pid() as pid');
  const postgres = processes().find(({ pid }) => pid === backend?.pid)?.parent;
  const server = await shared('redis');
  if ('missing' in server || postgres === undefined) throw new Error('the servers do not run on this machine');
  const redis = new Redis(server.url);
  const told = await redis.info('server').finally(() => redis.disconnect());
  return { postgres, redis: Number(/^process_id:(\d+)/m.exec(told)?.[1]) };
}
