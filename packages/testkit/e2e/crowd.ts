/** A busy account, nineteen others in trouble, and a quiet one: how long the quiet one's flags take to the SOF module. */
import { setTimeout as sleep } from 'node:timers/promises';
import { until } from '@lazada-sof/local';
import pg from 'pg';
import { addAccounts, addShippedOrders } from '../bench/orders.ts';
import type { QueueKind } from '../src/servers/test-queue.ts';
import { startTestSystem } from '../src/servers/test-system.ts';
import { type CrowdedLazada, openCrowdedLazada } from './crowded-lazada.ts';

/** The accounts' numbers, as `addAccounts` names them. */
export const BUSY = 1;
export const QUIET = 2;
export const TROUBLED = Array.from({ length: 19 }, (_, index) => 3 + index);
/** One whose calls are not answered, before anybody pauses it for that. */
export const UNANSWERED = 3 + TROUBLED.length;
const ACCOUNTS = UNANSWERED;
/** Orders of each but the busy one. */
const FEW = 60;
/** Failures in a row that pause an account. */
const PAUSED_AFTER = 10;
/** A flag that is not there by then is not waited for. */
const GIVEN_UP_MS = 20_000;

export type CrowdOptions = {
  readonly queue: QueueKind;
  readonly concurrency: number;
  /** Orders of the busy account. */
  readonly orders: number;
};

export type Crowd = {
  readonly lazada: CrowdedLazada;
  /** The host reports so many more parcels of an account delivered. */
  flag(account: number, count: number): Promise<void>;
  /** One more of the quiet account: milliseconds from its commit until the SOF module is asked; NaN: never. */
  flagOfQuiet(): Promise<number>;
  /** From now on the SOF module is out of order for these, and every one of them is paused for it. */
  pause(accounts: readonly number[]): Promise<void>;
  /** From now on the SOF module answers no call of these, and so many more of each have come. */
  hang(accounts: readonly number[], calls: number): Promise<void>;
  close(): Promise<void>;
};

export const tokenOf = (account: number) => `token-${account}`;

export async function openCrowd({ queue, concurrency, orders }: CrowdOptions): Promise<Crowd> {
  const lazada = await openCrowdedLazada();
  const system = await startTestSystem({
    queue,
    services: ['scheduler', 'status-sync'],
    env: {
      SOFP_URL: lazada.url,
      LAZADA_REST_URL: lazada.url,
      LAZADA_AUTH_URL: lazada.url,
      SWEEP_INTERVAL: '1h',
      CONCURRENCY: String(concurrency),
    },
  });
  const pool = new pg.Pool({ connectionString: system.databaseUrl, max: 2 });
  const sql = async <Row extends object>(text: string, values: unknown[] = []) =>
    (await pool.query<Row>(text, values)).rows;
  await addAccounts(sql, ACCOUNTS);
  await addShippedOrders(sql, orders + FEW * (ACCOUNTS - 1), {
    accountOf: `case when n <= ${orders} then ${BUSY} else ${QUIET} + n % ${ACCOUNTS - 1} end`,
  });
  const flag = (account: number, count: number) => sql<{ trackingNumber: string }>(FLAG, [account, count]);

  return {
    lazada,
    flag: async (account, count) => void (await flag(account, count)),
    async flagOfQuiet() {
      const [order] = await flag(QUIET, 1);
      if (!order) throw new Error('the quiet account has no order left');
      const committed = performance.now();
      const arrived = await Promise.race([
        lazada.arrived(order.trackingNumber),
        sleep(GIVEN_UP_MS, Number.NaN, { ref: false }),
      ]);
      return arrived - committed;
    },
    async pause(accounts) {
      const before = new Map(accounts.map((account) => [account, lazada.count(tokenOf(account))]));
      lazada.breakFor(accounts.map(tokenOf));
      const isPaused = (account: number) => lazada.count(tokenOf(account)) >= (before.get(account) ?? 0) + PAUSED_AFTER;
      await until(async () => accounts.every(isPaused), { what: 'ten calls of each have failed', withinMs: 60_000 });
    },
    async hang(accounts, calls) {
      const before = new Map(accounts.map((account) => [account, lazada.count(tokenOf(account))]));
      lazada.breakFor(accounts.map(tokenOf), 'hangs');
      const hangs = (account: number) => lazada.count(tokenOf(account)) >= (before.get(account) ?? 0) + calls;
      await until(async () => accounts.every(hangs), { what: 'calls of each hang', withinMs: 60_000 });
    },
    async close() {
      await pool.end();
      await system.close();
      await lazada.close();
    },
  };
}

/** The accounts' ids are as they were added: one after the other from 1. */
const FLAG = `
  update public.order_lazada l
     set update_delivered = 1, delivered_at = now()
    from public.orders o
   where o.id = l.order_id
     and l.order_id = any (array(
         select order_id from public.order_lazada
          where account_id = $1 and delivered_at is null order by order_id limit $2))
  returning o.tracking_number as "trackingNumber"`;
