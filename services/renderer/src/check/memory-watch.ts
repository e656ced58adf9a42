/** Ends this process by force when it takes more memory than it may, even while its own thread is too busy to listen. */
import { Worker } from 'node:worker_threads';

export type MemoryWatch = { begin(): void; end(): void };

export function watchMemory(mostBytes: number): MemoryWatch {
  const watching = new Int32Array(new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT));
  const thread = new Worker(new URL('./memory-watch.worker.ts', import.meta.url), {
    workerData: { mostBytes, watching },
    env: {},
    // Left alone, the room for a thread's code counts as half a gigabyte of data against the kernel's limit.
    resourceLimits: { maxOldGenerationSizeMb: 8, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4 },
  });
  thread.unref();
  const set = (value: number) => {
    Atomics.store(watching, 0, value);
    Atomics.notify(watching, 0);
  };
  return { begin: () => set(1), end: () => set(0) };
}
