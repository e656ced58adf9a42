/**
 * Whether anybody holds up anybody: a busy account with many orders due, nineteen paused ones, and how long a quiet
 * account's flags take meanwhile; and whether the busy one goes as fast as its rate lets it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { BUSY, openCrowd, TROUBLED, tokenOf } from '../e2e/crowd.ts';
import type { QueueKind } from '../src/servers/test-queue.ts';
import { type BenchContext, bench } from './bench.ts';
import { figure, median } from './measure.ts';
import { openServers } from './servers.ts';

const OPTIONS = {
  usual: { due: 100_000, concurrency: 100, flags: 20, paused: 19 },
  quick: { due: 10_000, flags: 5 },
};
const ROWS = {
  redis: { slowest: 'crowd', busy: 'crowd-busy' },
  postgres: { slowest: 'crowd-postgres', busy: 'crowd-postgres-busy' },
} as const;
/** What the busy account may send in a second. */
const SOFP_RPS = 5;

await bench(OPTIONS, async (context) => {
  context.closing(await openServers());
  for (const queue of ['redis', 'postgres'] as const) await play(context, queue);
});

async function play({ options, row }: BenchContext<typeof OPTIONS.usual>, queue: QueueKind): Promise<void> {
  const { due, concurrency, flags, paused } = options;
  const troubled = TROUBLED.slice(0, paused);
  const crowd = await openCrowd({ queue, concurrency, orders: due });
  try {
    await Promise.all(troubled.map((account) => crowd.flag(account, 50)));
    await crowd.pause(troubled);
    await crowd.flag(BUSY, due);
    const [sent, began] = [crowd.lazada.count(tokenOf(BUSY)), performance.now()];
    const times: number[] = [];
    for (let flag = 0; flag < flags; flag++) {
      times.push(await crowd.flagOfQuiet());
      await sleep(1_000);
    }
    const seconds = (performance.now() - began) / 1_000;
    console.info(`\n${due.toLocaleString('en')} due, ${paused} accounts paused, ${concurrency} at once, on ${queue}`);
    console.info(`  flags of the quiet account: median ${figure(median(times))} ms`);
    row(ROWS[queue].slowest, { ours: Math.max(...times) / 1_000 });
    row(ROWS[queue].busy, { ours: (crowd.lazada.count(tokenOf(BUSY)) - sent) / seconds, floor: SOFP_RPS });
  } finally {
    await crowd.close();
  }
}
