/** Import files that nobody goes on with: their job was lost with the queue, or never got there. Asking twice is harmless. */
import type { ImportRuns } from '@lazada-sof/db';
import type { JobRequest } from '@lazada-sof/queue';
import type { Waker } from './waker.ts';

const EVERY_MS = 60_000;

export type ImportTools = {
  readonly takeDue: ImportRuns['takeDue'];
  readonly enqueue: (jobs: readonly JobRequest[], place: 'behind') => Promise<void>;
  readonly waker: Waker;
  readonly log: { warn(message: string, fields: object): unknown };
};

export async function goOnWithImports({ takeDue, enqueue, waker, log }: ImportTools, signal: AbortSignal) {
  while (!signal.aborted) {
    try {
      const due = await takeDue();
      if (due.length > 0)
        await enqueue(
          due.map((importId) => ({ name: 'import-file', data: { v: 1, importId } })),
          'behind',
        );
    } catch (error) {
      log.warn('import files could not be looked at, they are looked at again', { error });
    }
    await waker.sleep(EVERY_MS, signal);
  }
}
