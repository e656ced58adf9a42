/** What a second status-sync is worth: on a machine without a free core, and where both wait for SOF. */
import { type BenchContext, bench } from './bench.ts';
import type { RowId } from './goals.ts';
import { inTurns } from './measure.ts';
import { openServers } from './servers.ts';
import { openSofModule } from './sof-module.ts';
import { openStatusSystem } from './status-system.ts';

const OPTIONS = {
  usual: { rounds: 5, orders: 3_000, far: 1_600, accounts: 10 },
  quick: { rounds: 2, orders: 1_000, far: 640 },
};
type Context = BenchContext<typeof OPTIONS.usual>;
type Scene = { readonly id: RowId; readonly delayMs: number; readonly concurrency: number; readonly orders: number };

await bench(OPTIONS, async (context) => {
  context.closing(await openServers());
  const { orders, far } = context.options;
  await play(context, { id: 'P13', delayMs: 0, concurrency: 100, orders });
  await play(context, { id: 'P13-far', delayMs: 100, concurrency: 16, orders: far });
});

async function play({ options, row }: Context, { id, delayMs, concurrency, orders }: Scene): Promise<void> {
  const { rounds, accounts } = options;
  const sof = await openSofModule({ delayMs });
  const one = await openStatusSystem(sof, { accounts, workers: 1, concurrency });
  const two = await openStatusSystem(sof, { accounts, workers: 2, concurrency });
  try {
    const medians = await inTurns({
      title: `SOF ${delayMs} ms away, ${concurrency} at once in each worker, ${orders.toLocaleString('en')} orders`,
      unit: 'orders/s',
      rounds,
      ways: { 'one worker': () => one.round(orders), 'two workers': () => two.round(orders) },
    });
    row(id, { ours: medians['two workers'], floor: medians['one worker'] });
  } finally {
    for (const opened of [two, one, sof]) await opened.close();
  }
}
