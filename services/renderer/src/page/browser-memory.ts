/**
 * A watch over what a browser takes while it shows pages: the page that takes most is ended while all of it takes too much,
 * and the others go on. Where the kernel does not tell (no `/proc`), nothing is watched.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { CDPSession } from 'playwright-core';

export const MOST_MEGABYTES = 256;
const EVERY_MS = 50;
/** A page that is ended notices it within this time. */
const NOTICED_MS = 5_000;

export type BrowserMemory = {
  /** Watches while the work is under way. */
  during<T>(work: Promise<T>): Promise<T>;
  /** Whether a page that has just crashed was ended by us. */
  hasEnded(): boolean;
};

/** `session`: the browser's own. */
export function watchBrowser(session: CDPSession, kill: () => void): BrowserMemory {
  let open = 0;
  let endedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<void> {
    const { processInfo } = await session.send('SystemInfo.getProcessInfo');
    const taken = await Promise.all(
      processInfo.map(async ({ id, type }) => ({ id, type, size: await ownMegabytes(id) })),
    );
    if (taken.reduce((sum, { size }) => sum + size, 0) <= MOST_MEGABYTES) return;
    const [largest] = taken.filter(({ type }) => type === 'renderer').toSorted((one, other) => other.size - one.size);
    endedAt = performance.now();
    if (largest) process.kill(largest.id, 'SIGKILL');
    else kill();
  }

  async function watch(): Promise<void> {
    while (open > 0) {
      await look();
      await sleep(EVERY_MS);
    }
  }

  return {
    async during(work) {
      open += 1;
      // A browser that has ended answers no more, and has no pages either.
      if (open === 1) watch().catch(() => undefined);
      return work.finally(() => {
        open -= 1;
      });
    },
    hasEnded: () => performance.now() - endedAt < NOTICED_MS,
  };
}

/** Without what processes of one program share. */
async function ownMegabytes(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return Number(/^RssAnon:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) / 1024;
}
