/** Whether a tick costs the same however many orders there are: the scheduler's claim on a small and on a large table. */
import { openDb } from '@lazada-sof/db';
import { openTestDatabase, type TestDatabase } from '../src/servers/test-database.ts';
import { type BenchContext, bench } from './bench.ts';
import { inTurns, msOf } from './measure.ts';
import { addAccounts } from './orders.ts';
import { openServers } from './servers.ts';

const OPTIONS = {
  usual: { rounds: 15, small: 1_000_000, large: 5_000_000, due: 5_000, accounts: 10 },
  quick: { rounds: 9, small: 100_000, large: 500_000 },
};
type Context = BenchContext<typeof OPTIONS.usual>;
const DUE_AGAIN = `
  update public.order_lazada set next_attempt_at = now() - interval '1 s' where order_id = any ($1::bigint[])`;

await bench(OPTIONS, async (context) => {
  context.closing(await openServers());
  const { small, large, rounds } = context.options;
  const [fewer, more] = [await openTable(context, small), await openTable(context, large)];
  const names = { fewer: `${small.toLocaleString('en')} orders`, more: `${large.toLocaleString('en')} orders` };
  const busy = await inTurns({
    title: `A claim with ${context.options.due.toLocaleString('en')} due`,
    unit: 'ms',
    rounds,
    ways: { [names.fewer]: fewer.claim, [names.more]: more.claim },
  });
  context.row('P5', { ours: busy[names.more] ?? Number.NaN, floor: busy[names.fewer] ?? Number.NaN });
  context.row('P5-ms', { ours: busy[names.more] ?? Number.NaN });
  await fewer.settle();
  await more.settle();
  const idle = await inTurns({
    title: 'A claim with nothing due',
    unit: 'ms',
    rounds,
    ways: { [names.fewer]: fewer.claim, [names.more]: more.claim },
  });
  context.row('P5-idle', { ours: idle[names.more] ?? Number.NaN, floor: idle[names.fewer] ?? Number.NaN });
});

/** A table of its own, and the scheduler's claim on it. What was claimed is due again afterwards. */
async function openTable({ options, closing }: Context, orders: number) {
  const database = closing(await openTestDatabase());
  const db = openDb({ url: database.as('services'), source: 'scheduler' });
  closing(db);
  await fill(database, { ...options, orders });
  return {
    async claim(): Promise<number> {
      let claimed: readonly { orderId: string }[] = [];
      const ms = await msOf(async () => {
        claimed = await db.claims.take();
      });
      await database.sql(DUE_AGAIN, [claimed.map(({ orderId }) => orderId)]);
      return ms;
    },
    settle: () => database.sql('update public.order_lazada set next_attempt_at = null where next_attempt_at <= now()'),
  };
}

type Filling = { readonly orders: number; readonly due: number; readonly accounts: number };

/** The due ones are spread over the table; of the others every tenth waits for a later time, the rest is done with. */
async function fill({ sql }: TestDatabase, { orders, due, accounts }: Filling): Promise<void> {
  const step = Math.ceil(orders / due);
  await addAccounts(sql, accounts);
  // Without triggers and foreign keys: the host's orders are not looked at by a claim.
  await sql(`
    begin;
    set local session_replication_role = replica;
    insert into public.order_lazada (order_id, account_id, status, items, items_read_at, next_attempt_at)
    select n, ids[1 + (n / ${step}) % ${accounts}], 'shipped', jsonb_build_array(jsonb_build_object('orderItemId', n::text,
             'status', 'shipped', 'packageId', 'FP' || n, 'sof', true, 'digital', false, 'cancelPending', false)), now(),
           case when n % ${step} = 0 then now() - interval '1 s'
                when n % 10 = 1 then now() + interval '1 h' + n * interval '1 ms' end
      from generate_series(1, ${orders}) n, (select array_agg(id) as ids from account.lazada) a;
    commit`);
  await sql('vacuum (analyze) public.order_lazada');
}
