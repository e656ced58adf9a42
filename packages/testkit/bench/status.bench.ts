/**
 * The way of a status through the shipped scheduler and status-sync (claim, plan, queue, limiter, intent, post, outcome)
 * against BullMQ and one POST per job, with as many jobs at once and the same server on the other side.
 */
import { openTestQueue } from '../src/servers/test-queue.ts';
import { type BareWorkers, startBareWorkers } from './bare-workers.ts';
import { type BenchContext, bench } from './bench.ts';
import type { RowId } from './goals.ts';
import { inTurns } from './measure.ts';
import { openServers } from './servers.ts';
import { openSofModule, STATUS_PATH } from './sof-module.ts';
import { bareRound, openStatusSystem } from './status-system.ts';
import { committed } from './transactions.ts';

/** Few enough that a round is over before its first orders are to be confirmed, 15 s after they were sent. */
const OPTIONS = {
  usual: { rounds: 5, orders: 3_000, accounts: 10, workers: 1, concurrency: 100 },
  quick: { rounds: 2, orders: 1_000 },
};
type Context = BenchContext<typeof OPTIONS.usual>;

const FLOORS = ['got', 'plain-got', 'http', 'undici'] as const;

type Scene = { readonly title: string; readonly delayMs: number; readonly rows: Rows; readonly transactions?: RowId };
type Rows = Readonly<Record<(typeof FLOORS)[number], RowId>>;

const SCENES: readonly Scene[] = [
  {
    title: 'A SOF module that answers at once',
    delayMs: 0,
    rows: { got: 'P1', 'plain-got': 'P1-plain', http: 'P1-http', undici: 'P1-undici' },
    transactions: 'P3',
  },
  {
    title: 'A SOF module 100 ms away',
    delayMs: 100,
    rows: { got: 'P2', 'plain-got': 'P2-plain', http: 'P2-http', undici: 'P2-undici' },
  },
];

await bench(OPTIONS, async (context) => {
  const servers = await openServers();
  context.closing(servers);
  for (const scene of SCENES) await play(context, scene, servers.dir);
});

async function play(
  { options, row }: Context,
  { title, delayMs, rows, transactions }: Scene,
  dir: string,
): Promise<void> {
  const { rounds, orders, workers, concurrency } = options;
  const sof = await openSofModule({ delayMs });
  const queue = await openTestQueue('redis');
  const bare = { queue, url: `${sof.url}${STATUS_PATH}`, concurrency, workers, dir };
  const ours = await openStatusSystem(sof, options);
  const floors: BareWorkers[] = [];
  for (const by of FLOORS) floors.push(await startBareWorkers({ ...bare, by }));
  const ways = FLOORS.map((by, at) => [`BullMQ + ${by}`, () => bareRound(floors[at] as BareWorkers, sof, orders)]);
  try {
    const before = transactions ? await committed(ours.system.databaseUrl) : 0;
    const medians: Readonly<Record<string, number>> = await inTurns({
      title: `${title}, ${concurrency} at once in ${workers} worker(s), ${orders.toLocaleString('en')} orders`,
      unit: 'orders/s',
      rounds,
      ways: { ...Object.fromEntries(ways), 'lazada-sof': () => ours.round(orders) },
    });
    const { 'lazada-sof': speed = Number.NaN } = medians;
    for (const by of FLOORS) row(rows[by], { ours: speed, floor: medians[`BullMQ + ${by}`] ?? Number.NaN });
    if (transactions) {
      const made = (await committed(ours.system.databaseUrl)) - before;
      row(transactions, { ours: made / (orders * (rounds + 1)) });
    }
  } finally {
    for (const one of [...floors, ours, queue, sof]) await one.close();
  }
}
