/** What processes really take, by the kernel's own count (Linux). */
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

export type MemoryUsed = {
  /** The peak of the child that took most, in MB. */
  readonly largestChild: number;
  /** The most that the process and all of these took at one moment, in MB; what they share counts once. */
  readonly together: number;
};

/** Watches all that the process has started, and what those have; adds them up where it is wanted, which takes longer. */
export function watchMemoryOf(pid: number, { addUp = false } = {}): { stop(): Promise<MemoryUsed> } {
  const worker = new Worker(new URL('./memory-of.worker.ts', import.meta.url), { workerData: { pid, addUp } });
  return {
    async stop() {
      const used = once(worker, 'message');
      worker.postMessage('stop');
      const [told] = (await used) as [MemoryUsed];
      await worker.terminate();
      return told;
    },
  };
}
