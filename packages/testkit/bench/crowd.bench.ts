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

const DEFAULTS = { due: 100_000, concurrency: 100, flags: 20, paused: 19 };
/** What the busy account may send in a second. */
const SOFP_RPS = 5;

await bench(DEFAULTS, async (context) => {
  context.closing(await openServers());
  for (const queue of ['redis', 'postgres'] as const) await play(context, queue);
});

async function play({ options, goal }: BenchContext<typeof DEFAULTS>, queue: QueueKind): Promise<void> {
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
    goal({ what: 'slowest of them, s', value: Math.max(...times) / 1_000, atMost: 5 });
    const reached = (crowd.lazada.count(tokenOf(BUSY)) - sent) / seconds / SOFP_RPS;
    goal({ what: 'busy account / its rate', value: reached, atLeast: 0.95 });
  } finally {
    await crowd.close();
  }
}
