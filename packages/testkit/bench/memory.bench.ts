/** What status-sync holds in memory while it works, against a bare worker; and whether it holds more after many jobs. */
import { openTestQueue } from '../src/servers/test-queue.ts';
import { startBareWorkers } from './bare-workers.ts';
import { bench } from './bench.ts';
import { inTurns, median } from './measure.ts';
import { memoryOf } from './processes.ts';
import { openServers } from './servers.ts';
import { openSofModule, STATUS_PATH } from './sof-module.ts';
import { bareRound, openStatusSystem } from './status-system.ts';

const OPTIONS = {
  usual: { rounds: 5, orders: 2_000, times: 10, accounts: 10, concurrency: 100 },
  quick: { rounds: 2, orders: 500 },
};
const LOOK_EVERY_MS = 50;
/** As many as are through before the first are to be confirmed, 15 s after they were sent. */
const AT_ONCE = 3_000;

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { rounds, orders, times, concurrency } = options;
  const { dir } = closing(await openServers());
  const sof = closing(await openSofModule({ delayMs: 0 }));
  const queue = closing(await openTestQueue('redis'));
  const url = `${sof.url}${STATUS_PATH}`;
  const bare = closing(await startBareWorkers({ queue, url, concurrency, workers: 1, dir }));
  const ours = closing(await openStatusSystem(sof, { ...options, workers: 1 }));
  const { pid } = ours.system.worker('status-sync');
  const [barePid = Number.NaN] = bare.pids;
  const ways = {
    'bare worker': () => heldBy(barePid, () => bareRound(bare, sof, orders)),
    'status-sync': () => heldBy(pid, () => ours.round(orders)),
  };

  const first = await inTurns({ title: 'Memory at work', unit: 'MB', rounds, ways });
  row('P11', { ours: first['status-sync'], floor: first['bare worker'] });
  for (let left = (times - 1) * (rounds + 1) * orders; left > 0; left -= AT_ONCE)
    await ours.round(Math.min(left, AT_ONCE));
  const title = `Memory at work after ${times} times the jobs`;
  const later = await inTurns({ title, unit: 'MB', rounds, ways });
  row('P11-later', { ours: later['status-sync'], floor: first['status-sync'] });
});

/** Megabytes held by a process while something is done: their median. */
async function heldBy(pid: number, work: () => Promise<unknown>): Promise<number> {
  const held: number[] = [];
  const timer = setInterval(() => held.push(memoryOf(pid)), LOOK_EVERY_MS);
  await work().finally(() => clearInterval(timer));
  return median(held);
}
