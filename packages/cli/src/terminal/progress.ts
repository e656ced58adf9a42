/** How far something is: one line that is written over on a terminal, elsewhere a line now and then. */

import { oneLine } from '@lazada-sof/redact';

export type Progress = {
  show(line: string): void;
  /** Makes room for something else, or ends it: nothing of the line remains. */
  clear(): void;
};

type Terminal = { readonly isTTY?: boolean; write(text: string): unknown };

const SAY_EVERY_MS = 10_000;
/** Back to the beginning of the line, and away with what stands there. */
const ANEW = '\r\u001b[K';

export function progressOn(terminal: Terminal = process.stderr, now: () => number = () => performance.now()): Progress {
  let saidAt = now();
  if (terminal.isTTY)
    return { show: (line) => terminal.write(`${ANEW}${oneLine(line)}`), clear: () => terminal.write(ANEW) };
  return {
    show(line) {
      if (now() - saidAt < SAY_EVERY_MS) return;
      saidAt = now();
      terminal.write(`${oneLine(line)}\n`);
    },
    clear: () => undefined,
  };
}

const QUIET_MS = 2_000;

/** Says nothing of what takes no longer than two seconds. */
export function afterAWhile(progress: Progress, now: () => number = () => performance.now()): Progress {
  const began = now();
  let isShown = false;
  return {
    show(line) {
      if (now() - began < QUIET_MS) return;
      isShown = true;
      progress.show(line);
    },
    clear() {
      if (isShown) progress.clear();
      isShown = false;
    },
  };
}

const AGAIN_MS = 500;

/** Says what is waited for where that takes a while; in the end nothing of it remains on a terminal. */
export async function sayWhile<Answer>(
  line: string,
  work: () => Promise<Answer>,
  { progress = afterAWhile(progressOn()), everyMs = AGAIN_MS } = {},
): Promise<Answer> {
  const timer = setInterval(() => progress.show(line), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
    progress.clear();
  }
}

const WIDTH = 20;

/** `[#####               ]`, full where there is nothing to do. */
export function bar(done: number, all: number): string {
  const full = all > 0 ? Math.floor((Math.min(done, all) / all) * WIDTH) : WIDTH;
  return `[${'#'.repeat(full).padEnd(WIDTH)}]`;
}
