/** Whether an account with many due sends as much as its rate lets it and no more, and what its neighbour feels of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { openCrowdedLazada } from '../e2e/crowded-lazada.ts';
import { startTestSystem } from '../src/servers/test-system.ts';
import { bench } from './bench.ts';
import { addAccounts, addShippedOrders, DELIVER } from './orders.ts';
import { openServers } from './servers.ts';
import { mostInASecond } from './sliding.ts';
import { outsideAt } from './status-system.ts';

const OPTIONS = { usual: { seconds: 60, due: 10_000 }, quick: { seconds: 20, due: 2_000 } };
/** The default. */
const SOFP_RPS = 5;
/** By the order in which they were added. */
const [BUSY, NEIGHBOUR] = [1, 2];

await bench(OPTIONS, async ({ options, closing, row }) => {
  const { seconds, due } = options;
  closing(await openServers());
  const arrivals = new Map<string, number[]>();
  const onStatus = (token: string) => arrivals.set(token, [...(arrivals.get(token) ?? []), performance.now()]);
  const lazada = closing(await openCrowdedLazada({ onStatus }));
  const system = closing(
    await startTestSystem({
      queue: 'redis',
      services: ['scheduler', 'status-sync'],
      env: { ...outsideAt(lazada.url), SOFP_RPS: String(SOFP_RPS) },
    }),
  );
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 1 });
  closing({ close: () => pool.end() });
  const sql = async <Row extends object>(text: string) => (await pool.query<Row>(text)).rows;
  const flag = (account: number) => sql(`${DELIVER} where account_id = ${account}`);
  /** What an account sends from now on, in so many seconds. */
  async function sent(account: number): Promise<number[]> {
    const began = performance.now();
    await sleep(seconds * 1_000);
    const ended = performance.now();
    return (arrivals.get(`token-${account}`) ?? []).filter((at) => at >= began && at < ended);
  }

  await addAccounts(sql, 2);
  await addShippedOrders(sql, 2 * due);
  await flag(NEIGHBOUR);
  const alone = await sent(NEIGHBOUR);
  await flag(BUSY);
  const [busy, beside] = await Promise.all([sent(BUSY), sent(NEIGHBOUR)]);
  row('P14', { ours: busy.length / seconds, floor: SOFP_RPS });
  row('P14-second', { ours: mostInASecond(busy), floor: SOFP_RPS });
  row('P14-neighbour', { ours: beside.length / seconds, floor: alone.length / seconds });
});
