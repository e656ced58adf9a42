/**
 * What status-sync sends to PostgreSQL and Redis at full batches: SOF answers all hands together, so that their outcomes
 * are written together and the next orders are read together. Counts have no noise of time.
 */
import { fileURLToPath } from 'node:url';
import { openTestQueue } from '../src/servers/test-queue.ts';
import { startBareWorkers } from './bare-workers.ts';
import { bench } from './bench.ts';
import type { Sent } from './counted.ts';
import { openServers } from './servers.ts';
import { openSofModule, STATUS_PATH } from './sof-module.ts';
import { bareRound, openStatusSystem } from './status-system.ts';
import { gather } from './together.ts';

/** Who waits for the last of all hands no longer than this. */
const QUIET_MS = 300;
const BATCH = 50;
const OPTIONS = { usual: { orders: 5_000, accounts: 10, concurrency: 100 }, quick: { orders: 2_000 } };

const mainOf = (name: string) => fileURLToPath(new URL(`counted-${name}.main.ts`, import.meta.url));
const parsed = (line: string): object => (line.startsWith('{') ? JSON.parse(line) : {});

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { orders, concurrency } = options;
  const { dir } = closing(await openServers());
  const sof = closing(await openSofModule({ delayMs: 0, hold: gather(concurrency, { quietMs: QUIET_MS }) }));
  const queue = closing(await openTestQueue('redis'));
  const told = listener();
  const url = `${sof.url}${STATUS_PATH}`;
  const counted = { main: mainOf('bare'), onLine: (line: string) => told.hear(parsed(line)) };
  const bare = closing(await startBareWorkers({ queue, url, concurrency, workers: 1, dir, ...counted }));
  const mains = { 'status-sync': mainOf('status-sync') };
  const ours = closing(await openStatusSystem(sof, { ...options, workers: 1, mains }));
  const { pid, log } = ours.system.worker('status-sync');
  log.follow(told.hear);

  const floor = await perOrder(bare.pids[0] ?? Number.NaN, () => bareRound(bare, sof, orders));
  const sent = await perOrder(pid, () => ours.round(orders));
  console.info(`\nPer order, ${orders.toLocaleString('en')} orders, ${concurrency} at once, all answered together:`, {
    statements: sent.statements,
    packets: sent.packets,
    'commands to Redis': sent.commands,
    'of a bare worker': floor.commands,
  });
  row('P3b', { ours: sent.statements * BATCH });
  row('P3b-packets', { ours: sent.packets * BATCH });
  // Thousandths are the longer locks of a slower round.
  row('P3b-redis', { ours: Math.round((sent.commands - floor.commands) * 100) / 100 });

  /** The first round opens connections, and fills what is remembered. */
  async function perOrder(process: number, play: () => Promise<unknown>): Promise<Sent> {
    await play();
    const before = await told.ask(process);
    await play();
    const after = await told.ask(process);
    return {
      statements: (after.statements - before.statements) / orders,
      packets: (after.packets - before.packets) / orders,
      commands: (after.commands - before.commands) / orders,
    };
  }
});

/** One process is asked at a time: what is heard next is its answer. */
function listener() {
  let answer = Promise.withResolvers<Sent>();
  return {
    hear: (line: object) => void ('sent' in line && answer.resolve(line.sent as Sent)),
    ask(pid: number): Promise<Sent> {
      answer = Promise.withResolvers();
      process.kill(pid, 'SIGUSR2');
      return answer.promise;
    },
  };
}
