import { availableParallelism } from 'node:os';

/**
 * Starts them in order, no more at once than there are cores: all at once they would all be late. Waits for those that are
 * starting where one fails, so that nothing starts while all are being stopped.
 */
export async function inParallel<Start, Started>(
  starts: readonly Start[],
  start: (one: Start) => Promise<Started>,
): Promise<Started[]> {
  const started: Started[] = [];
  const left = [...starts.entries()];
  const startNext = async () => {
    for (let next = left.shift(); next; next = left.shift()) started[next[0]] = await start(next[1]);
  };
  const runs = await Promise.allSettled(Array.from({ length: Math.max(2, availableParallelism()) }, startNext));
  for (const run of runs) if (run.status === 'rejected') throw run.reason;
  return started;
}
