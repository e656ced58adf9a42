import { workerData } from 'node:worker_threads';

const EVERY_MS = 5;
const { mostBytes, watching } = workerData as { mostBytes: number; watching: Int32Array };
const parent = process.ppid;

for (;;) {
  // Until there is something to watch.
  Atomics.wait(watching, 0, 0);
  // One that is busy does not notice that nobody waits for it any more.
  const isOrphan = process.ppid !== parent;
  if (isOrphan || process.memoryUsage.rss() > mostBytes) process.kill(process.pid, 'SIGKILL');
  Atomics.wait(watching, 0, 1, EVERY_MS);
}
