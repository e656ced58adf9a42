/** A watch over a process and all that it has started, where the kernel sets them no limit. Where it tells nothing (no `/proc`), nothing is watched. */
import { readdir, readFile } from 'node:fs/promises';

const EVERY_MS = 250;
const MEGABYTE = 1024 * 1024;

export type MemoryWatch = { close(): void };
export type MemoryLimit = { readonly pid: number; readonly mostBytes: number; readonly onPassed: () => void };

export function watchMemory({ pid, mostBytes, onPassed }: MemoryLimit): MemoryWatch {
  let isClosed = false;
  let timer: NodeJS.Timeout | undefined;
  async function look() {
    const taken = await bytesOf(pid).catch(() => 0);
    if (isClosed) return;
    if (taken > mostBytes) return onPassed();
    timer = setTimeout(look, EVERY_MS).unref();
  }
  void look();
  return {
    close() {
      isClosed = true;
      clearTimeout(timer);
    },
  };
}

type Status = { readonly pid: number; readonly parent: number; readonly bytes: number };

/** What the process and its descendants take of their own: what they share with files or each other would count several times. */
export async function bytesOf(root: number): Promise<number> {
  const names = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  return sumBelow(root, await Promise.all(names.map(statusOf)));
}

async function statusOf(name: string): Promise<Status> {
  const status = await readFile(`/proc/${name}/status`, 'utf8').catch(() => '');
  const kilobytes = Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0);
  return { pid: Number(name), parent: Number(/^PPid:\s+(\d+)/m.exec(status)?.[1] ?? 0), bytes: kilobytes * 1024 };
}

export function sumBelow(root: number, all: readonly Status[]): number {
  const own = all.find(({ pid }) => pid === root)?.bytes ?? 0;
  return all.filter(({ parent }) => parent === root).reduce((sum, { pid }) => sum + sumBelow(pid, all), own);
}

/** With what holds the database, all of it stays below a gigabyte. */
export const MOST_TOGETHER = 768 * MEGABYTE;
