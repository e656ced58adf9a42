/** Whether bytes that call themselves a PDF are one: it is whole, opens without a password, and its first page is there. */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { openSlots } from './slots.ts';

export type Look = { readonly ok: true; readonly pages: number } | { readonly ok: false; readonly reason: string };

export type PdfPages = {
  /** Never throws: whatever goes wrong is the file's fault. */
  look(pdf: Buffer): Promise<Look>;
  close(): Promise<void>;
};

const LONGEST_MS = 15_000;
const MOST_MEGABYTES = 1024;

export function pdfPages({ longestMs = LONGEST_MS } = {}): PdfPages {
  const one = openSlots(1);
  let thread: Worker | undefined;

  async function end() {
    const ended = thread;
    thread = undefined;
    await ended?.terminate();
  }

  async function lookInside(pdf: Buffer): Promise<Look> {
    thread ??= startThread();
    try {
      const answer = once(thread, 'message', { signal: AbortSignal.timeout(longestMs) });
      thread.postMessage(new Uint8Array(pdf));
      const [look] = (await answer) as [Look];
      return look;
    } catch {
      await end();
      return { ok: false, reason: `it was not read within ${longestMs / 1000} s and ${MOST_MEGABYTES} MB` };
    }
  }

  return {
    // Half a download still opens in readers that rebuild what is missing; its end is not there.
    look: async (pdf) =>
      pdf.subarray(-2048).includes('%%EOF')
        ? one.take(() => lookInside(pdf))
        : { ok: false, reason: 'its end is missing' },
    close: end,
  };
}

function startThread(): Worker {
  const thread = new Worker(new URL('./pdf-pages.worker.ts', import.meta.url), {
    resourceLimits: { maxOldGenerationSizeMb: MOST_MEGABYTES },
    env: {},
  });
  thread.unref();
  return thread;
}
