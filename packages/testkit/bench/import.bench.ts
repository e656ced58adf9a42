/**
 * A file of rows through the job import-file in this process (read twice, judged on the orders that it names, written with
 * its events), against bare statements that write as much, on the same PostgreSQL. Then a million rows, and what they leave
 * in memory meanwhile, counted behind a collection of garbage.
 */
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { isPassing, openDb } from '@lazada-sof/db';
import { importFile } from '../../../services/order-update/src/import-file.ts';
import { createTurns } from '../../../services/order-update/src/turns.ts';
import { openTestDatabase } from '../src/servers/test-database.ts';
import { bench } from './bench.ts';
import { openBareImport } from './floors/import.ts';
import { inTurns, perSecond } from './measure.ts';
import { addAccounts, addShippedOrders, removeOrders } from './orders.ts';
import { openServers } from './servers.ts';

const OPTIONS = {
  usual: { rounds: 5, rows: 100_000, many: 1_000_000, accounts: 10 },
  quick: { rounds: 2, rows: 30_000, many: 200_000 },
};
const NAMES = `
  select a.name as account, o.order_number as number
    from public.orders o join account.lazada a on a.id = o.account_id order by o.id`;
const MB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;
function memory(): number {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { rounds, rows, many, accounts } = options;
  closing(await openServers());
  const database = closing(await openTestDatabase());
  const { sql } = database;
  const db = closing(openDb({ url: database.as('services'), source: 'order-update' }));
  const bare = closing(await openBareImport(database.url));
  await addAccounts(sql, accounts);
  const outages = { begin: () => undefined, end: () => undefined };
  const closed = new AbortController().signal;

  let looked: (() => void) | undefined;
  const runs: typeof db.importRuns = {
    ...db.importRuns,
    async take(...asked) {
      looked?.();
      return db.importRuns.take(...asked);
    },
  };
  const { chunks } = db.imports;
  const job = importFile({ chunks, runs, turns: createTurns(1), isPassing, outages, closing: closed });

  const occurredAt = new Date(Date.now() - 3_600_000).toISOString();
  const lineOf = ({ account, number }: { account: string; number: string }) =>
    `${account},${number},delivered,${occurredAt}`;
  const linesOf = async () => (await sql<{ account: string; number: string }>(NAMES)).map(lineOf);
  let files = 0;
  /** Another file each time: the same one again would have no effect. */
  async function store(lines: Iterable<string>): Promise<string> {
    async function* bytes() {
      yield Buffer.from(`account,order_number,status,occurred_at,file${++files}\n`);
      let text = '';
      for (const line of lines) {
        text += `${line},\n`;
        if (text.length < MB) continue;
        yield Buffer.from(text);
        text = '';
      }
      yield Buffer.from(text);
    }
    const file = { fileName: 'bench.csv', source: 'cli', dryRun: false, bytes: bytes() };
    return (await db.imports.store(file)).importId;
  }
  async function take(importId: string, wanted: number): Promise<void> {
    await job({ v: 1, importId }, { signal: closed, attemptsMade: 0 });
    const view = await db.imports.find(importId);
    if (view?.accepted !== wanted) throw new Error(`${view?.accepted} of ${wanted} rows were accepted: ${view?.error}`);
  }

  const medians = await inTurns({
    title: `${rows.toLocaleString('en')} rows`,
    unit: 'rows/s',
    rounds,
    ways: {
      'bare statements': async () => {
        const lines = Array.from({ length: rows }, (_, n) =>
          lineOf({ account: `shop-${n % accounts}`, number: `7${n}` }),
        );
        await bare.clear();
        return perSecond(rows, () => bare.run(lines));
      },
      'import-file': async () => {
        await addShippedOrders(sql, rows);
        const importId = await store(await linesOf());
        const speed = await perSecond(rows, () => take(importId, rows));
        await removeOrders(sql);
        return speed;
      },
    },
  });
  row('import', { ours: medians['import-file'], floor: medians['bare statements'] });

  // Each order is named by many rows, which say the same of it: what is measured is the file.
  const named = Math.min(many, rows);
  await addShippedOrders(sql, named);
  const lines = await linesOf();
  const importId = await store(
    (function* () {
      for (let n = 0; n < many; n++) yield lines[n % named] ?? '';
    })(),
  );
  let peak = 0;
  let pieces = 0;
  const before = memory();
  looked = () => {
    pieces += 1;
    if (pieces % 5 === 1) peak = Math.max(peak, memory());
  };
  await take(importId, many);
  row('import-memory', { ours: (peak - before) / MB });
});
