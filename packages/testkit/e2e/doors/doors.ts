/** The doors by which somebody outside tells of an order, each as its users reach it. */
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { openDb } from '@lazada-sof/db';
import { until } from '@lazada-sof/local';
import { Queue } from 'bullmq';
import got from 'got';
import { Redis } from 'ioredis';
import type { Stage } from '../stage.ts';
import type { Door } from './door.ts';
import { importDoor } from './import-door.ts';

export type Doors = {
  readonly http: Door;
  readonly queue: Door;
  readonly cli: Door;
  readonly file: Door;
  /** As whoever takes an order up leaves it. */
  settle(orderNumber: string): Promise<void>;
  close(): Promise<void>;
};

export async function openDoors(stage: Stage): Promise<Doors> {
  const db = openDb({ url: stage.system.databaseUrl, source: 'test' });
  const key = String(await db.access.createKey('doors', ['orders:write', 'orders:read', 'imports:write']));
  const settle = async (orderNumber: string) => {
    const [order] = await stage.sql('select id::text as id from public.orders where order_number = $1', [orderNumber]);
    await db.externalChanges.change(String(order?.id), (one) => ({ order: one, events: [] }));
  };
  const queue = await openQueueDoor(stage);
  const ours = { http: httpDoor(stage, key), queue, cli: cliDoor(stage), file: importDoor(stage, key, settle) };
  return { ...ours, settle, close: () => Promise.all([queue.close(), db.close()]).then(() => undefined) };
}

function httpDoor(stage: Stage, key: string): Door {
  const api = got.extend({
    prefixUrl: `${stage.system.url('api')}/v1/orders`,
    headers: { authorization: `Bearer ${key}` },
    retry: { limit: 0 },
    throwHttpErrors: false,
  });
  return {
    name: 'http',
    can: () => true,
    async say({ account, orderNumber }, update) {
      const { statusCode, body } = await api.post(`${account}/${orderNumber}/status`, { json: update });
      if (statusCode === 202) return true;
      if (statusCode === 409 || statusCode === 422) return false;
      throw new Error(`POST …/status answered ${statusCode}: ${body}`);
    },
  };
}

async function openQueueDoor(stage: Stage): Promise<Door & { close(): Promise<void> }> {
  const { QUEUE_URL = '', QUEUE_PREFIX = '' } = stage.system.env;
  const connection = new Redis(QUEUE_URL, { maxRetriesPerRequest: null });
  const queue = new Queue('order-update', { connection, prefix: QUEUE_PREFIX });
  return {
    name: 'queue',
    can: () => true,
    async say(target, update) {
      const { id } = await queue.add('update-order', { v: 1, ...target, ...update });
      const over = async () => {
        const state = await queue.getJobState(String(id));
        if (state === 'completed') return 'taken';
        return state === 'failed' && `refused: ${(await queue.getJob(String(id)))?.failedReason}`;
      };
      const ended = await until(over, { what: `job ${id} is over`, withinMs: 20_000 });
      if (ended.startsWith('refused') && !ended.includes(target.orderNumber)) throw new Error(ended);
      return ended === 'taken';
    },
    async close() {
      await queue.close();
      connection.disconnect();
    },
  };
}

const SOF = fileURLToPath(new URL('../../../cli/src/main.ts', import.meta.url));
/** What a person says from a terminal, a command each, and what may be said beside it. */
const OPTIONS: Readonly<Record<string, readonly string[]>> = { release: [], withdraw: ['packageId'] };

function cliDoor(stage: Stage): Door {
  return {
    name: 'cli',
    can: ({ status = '', ...rest }) =>
      status in OPTIONS && Object.keys(rest).every((field) => OPTIONS[status]?.includes(field)),
    async say({ account, orderNumber }, { status = '', packageId }) {
      const options = packageId === undefined ? [] : ['--package', packageId];
      const args = ['order', status, account, orderNumber, ...options];
      const env = { DATABASE_URL: stage.system.databaseUrl };
      const { code, err } = await run([SOF, ...args], env);
      if (code > 1) throw new Error(`sof ${args.join(' ')} ended with ${code}: ${err}`);
      return code === 0;
    },
  };
}

const run = (args: readonly string[], env: Readonly<Record<string, string>>) =>
  new Promise<{ code: number; err: string }>((resolve) => {
    execFile(process.execPath, args, { env }, (error, _out, err) => resolve({ code: Number(error?.code ?? 0), err }));
  });

const SAID_BY_HOST: Readonly<Record<string, string>> = {
  ready_to_ship:
    "update public.orders set update_shipping = 1, tool_status = 'ready_for_delivery' where order_number = $1",
  shipped: setting('shipped_at = coalesce($2, now())'),
  delivered: setting('update_delivered = 1, delivered_at = $2'),
  not_delivered: setting(
    'update_not_delivered = 1, not_delivered_at = $2, not_delivered_reason = coalesce($3, not_delivered_reason)',
  ),
  withdraw: setting(
    'update_delivered = 0, update_not_delivered = 0, not_delivered_reason = null, shipped_at = null, delivered_at = null, not_delivered_at = null',
  ),
};
function setting(columns: string): string {
  return `update public.order_lazada set ${columns}
           where order_id = (select id from public.orders where order_number = $1)`;
}

/** The host's own SQL: it writes what it says into its columns, of the whole order, and nobody refuses it. */
export function hostDoor({ sql }: Pick<Stage, 'sql'>): Door {
  return {
    name: 'host',
    can: ({ status = '', occurredAt: _at, reason, ...rest }) =>
      status in SAID_BY_HOST && Object.keys(rest).length === 0 && (reason === undefined || status === 'not_delivered'),
    async say({ orderNumber }, { status = '', occurredAt, reason }) {
      const text = SAID_BY_HOST[status] ?? '';
      const values = [orderNumber, occurredAt ?? null, reason ?? null];
      await sql(
        text,
        values.filter((_, at) => text.includes(`$${at + 1}`)),
      );
      if (status === 'withdraw')
        await sql('update public.orders set update_shipping = 0 where order_number = $1 and update_shipping = 1', [
          orderNumber,
        ]);
      return true;
    },
  };
}
