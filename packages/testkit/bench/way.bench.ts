/** Which files an order's id runs through, from the claim until its status is posted at SOF: no time, only their names. */
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { bench } from './bench.ts';
import { addAccounts, addShippedOrders, DELIVER } from './orders.ts';
import { openServers } from './servers.ts';
import { openSofModule } from './sof-module.ts';

const SERVICES = ['scheduler', 'status-sync'] as const;
const covered = (name: string) => fileURLToPath(new URL(`covered-${name}.main.ts`, import.meta.url));

await bench({ usual: { flags: 3 } }, async ({ options, closing }) => {
  closing(await openServers());
  // It answers late: what is entered by then was entered on the way to the post.
  const sof = closing(await openSofModule({ delayMs: 1_000 }));
  const system = closing(
    await startTestSystem({
      queue: 'redis',
      services: [...SERVICES],
      mains: { scheduler: covered('scheduler'), 'status-sync': covered('status-sync') },
      env: { SOFP_URL: sof.url, LAZADA_REST_URL: sof.url, LAZADA_AUTH_URL: sof.url, SWEEP_INTERVAL: '1h' },
    }),
  );
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  closing({ close: () => pool.end() });
  const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await pool.query<Row>(text, values)).rows;

  async function way(orderId: string): Promise<string[]> {
    await entered(system);
    const arrived = sof.arrived(1);
    await sql(`${DELIVER} where order_id = $1`, [orderId]);
    await arrived;
    const files = await entered(system);
    await sql('delete from public.orders where id = $1', [orderId]);
    await sleep(2_000); // until what follows the answer is over
    return files;
  }

  await addAccounts(sql, 1);
  await addShippedOrders(sql, options.flags);
  const orders = await sql<{ id: string }>('select id from public.orders order by id');
  const ways: string[][] = [];
  for (const { id } of orders) ways.push(await way(id));
  // A clock of some service may tick on the way.
  const [shortest = []] = ways.toSorted((a, b) => a.length - b.length);
  console.info(`\n${shortest.length} files are entered from the claim to the post at SOF:`);
  for (const file of shortest) console.info(`  ${file}`);
});

/** What both services have entered since this was asked last. */
async function entered(system: TestSystem): Promise<string[]> {
  const answers = SERVICES.map(async (service) => {
    const { log, pid } = system.worker(service);
    const said = Promise.withResolvers<readonly string[]>();
    const unfollow = log.follow((line) => Array.isArray(line.entered) && said.resolve(line.entered));
    process.kill(pid, 'SIGUSR2');
    return said.promise.finally(unfollow);
  });
  return [...new Set((await Promise.all(answers)).flat())].toSorted();
}
