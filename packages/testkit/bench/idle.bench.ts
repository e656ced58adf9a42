/** What a system costs that has nothing to do: every service, one of each, and orders that rest. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Redis } from 'ioredis';
import pg from 'pg';
import { startTestSystem } from '../src/servers/test-system.ts';
import { bench } from './bench.ts';
import { figure } from './measure.ts';
import { addAccounts, addShippedOrders } from './orders.ts';
import { cpuMsOf, memoryOfTree, serverPids } from './processes.ts';
import { openServers } from './servers.ts';
import { openSofModule } from './sof-module.ts';
import { outsideAt } from './status-system.ts';

const OPTIONS = { usual: { seconds: 60, orders: 10_000, accounts: 10 }, quick: { seconds: 20 } };
const SERVICES = [
  'scheduler',
  'status-sync',
  'tracking-fetch',
  'invoice-fetch',
  'invoice-upload',
  'order-update',
  'carrier-poll',
  'api',
] as const;
/** What begins with a service is over by then. */
const SETTLED_MS = 10_000;
const CONNECTIONS = 'select count(*)::int as count from pg_stat_activity where datname = current_database()';

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { seconds, orders, accounts } = options;
  closing(await openServers());
  const sof = closing(await openSofModule({ delayMs: 0 }));
  const system = closing(await startTestSystem({ queue: 'redis', services: [...SERVICES], env: outsideAt(sof.url) }));
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  closing({ close: () => pool.end() });
  const sql = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  await addAccounts(sql, accounts);
  await addShippedOrders(sql, orders);
  const servers = await serverPids(sql);
  const pids = [...SERVICES.map((service) => system.worker(service).pid), servers.postgres, servers.redis];
  await sleep(SETTLED_MS);

  const before = cpuMsOf(pids);
  await sleep(seconds * 1_000);
  const after = cpuMsOf(pids);
  const shares = after.map((ms, at) => (ms - (before[at] ?? Number.NaN)) / seconds / 10);
  const names = [...SERVICES, 'PostgreSQL', 'Redis'];
  console.info(`\nAn idle system for ${seconds} s: % of a core, MB`);
  for (const [at, pid] of pids.entries())
    console.info(line(names[at] ?? '', shares[at] ?? Number.NaN, memoryOfTree(pid)));
  const [connections] = await sql<{ count: number }>(CONNECTIONS);
  console.info(`  ${Number(connections?.count) - 1} connections to PostgreSQL, ${await redisClients(system)} to Redis`);
  row('P18', { ours: sumOf(shares.slice(0, SERVICES.length)) });
  row('P18-servers', { ours: sumOf(shares.slice(SERVICES.length)) });
});

function line(name: string, share: number, memory: number): string {
  return `  ${name.padEnd(16)} ${figure(share).padStart(6)} ${figure(memory).padStart(6)}`;
}

function sumOf(all: readonly number[]): number {
  return all.reduce((sum, one) => sum + one, 0);
}

async function redisClients({ env }: { env: Readonly<Record<string, string>> }): Promise<number> {
  const redis = new Redis(env.QUEUE_URL ?? '');
  const info = await redis.info('clients').finally(() => redis.disconnect());
  return Number(/^connected_clients:(\d+)/m.exec(info)?.[1]) - 1;
}
