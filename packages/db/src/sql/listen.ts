/** Listens for "look now" on a connection of its own. A notification says nothing more, so a lost one is made up by looking. */
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { CHANNEL } from './notify.ts';
import { isDirect } from './pooler.ts';

const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** A connection that a firewall dropped says nothing by itself. */
const HEARTBEAT_MS = 15_000;
const ARRIVES_WITHIN_MS = 1_000;
const LIMITS = { connectionTimeoutMillis: 5_000, query_timeout: 5_000 };

export type ListenOptions = {
  /** Not a pooler in transaction mode: a notification needs a connection that stays. */
  url: string;
  /** Called for each notification, and after each connect: something may have happened before it. */
  onNotify: () => void;
  /** The connection broke, or could not be made; another is on its way. */
  onLost?: (error: Error) => void;
};

export type Listener = {
  close(): Promise<void>;
};

export function listen({ url, onNotify, onLost = () => undefined }: ListenOptions): Listener {
  const closing = new AbortController();

  async function run(): Promise<void> {
    let pauseMs = FIRST_PAUSE_MS;
    while (!closing.signal.aborted) {
      let client: pg.Client | undefined;
      try {
        client = await connect(url, onNotify);
        pauseMs = FIRST_PAUSE_MS;
        onNotify();
        await untilBroken(client, closing.signal);
      } catch (error) {
        if (!closing.signal.aborted) onLost(error instanceof Error ? error : new Error(String(error)));
      } finally {
        await client?.end().catch(() => undefined);
      }
      await sleep(pauseMs, undefined, { signal: closing.signal }).catch(() => undefined);
      pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    }
  }
  const running = run();

  return {
    async close() {
      closing.abort();
      await running;
    },
  };
}

async function connect(url: string, onNotify: () => void): Promise<pg.Client> {
  const client = new pg.Client({
    connectionString: url,
    application_name: 'lazada-sof listener',
    keepAlive: true,
    ...LIMITS,
  });
  // Without a listener an error would end the process; `untilBroken` hears it too, once it listens.
  client.on('error', () => undefined);
  client.on('notification', onNotify);
  try {
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    if (!(await isDirect(client))) await proveThatItHears(client, url);
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw error;
  }
}

/**
 * A pooler takes any `listen`. In session mode it means what it says; in transaction mode it is some connection's that is
 * somebody else's a moment later, and nothing is ever heard. @throws where another client's notification does not arrive
 */
async function proveThatItHears(client: pg.Client, url: string): Promise<void> {
  const late = new AbortController();
  const heard = once(client, 'notification', { signal: late.signal });
  heard.catch(() => undefined);
  await notify(url);
  const timer = setTimeout(() => late.abort(), ARRIVES_WITHIN_MS);
  try {
    await heard;
  } catch (cause) {
    throw new Error(
      'no notification comes through the pooler: give the scheduler a DATABASE_LISTEN_URL that leads to PostgreSQL itself, or through a pooler in session mode',
      { cause },
    );
  } finally {
    clearTimeout(timer);
  }
}

async function notify(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, ...LIMITS });
  client.on('error', () => undefined);
  try {
    await client.connect();
    await client.query(`notify ${CHANNEL}`);
  } finally {
    await client.end().catch(() => undefined);
  }
}

/** Rejects when the connection breaks, resolves when nobody wants it any more. */
async function untilBroken(client: pg.Client, closing: AbortSignal): Promise<void> {
  const heartbeat = new AbortController();
  const stop = AbortSignal.any([closing, heartbeat.signal]);
  const broken = new Promise<never>((_, reject) => {
    client.once('error', reject);
    client.once('end', () => reject(new Error('the database closed the connection for notifications')));
  });
  try {
    await Promise.race([broken, beat(client, stop)]);
  } finally {
    heartbeat.abort();
    broken.catch(() => undefined);
  }
}

async function beat(client: pg.Client, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    await sleep(HEARTBEAT_MS, undefined, { signal: stop }).catch(() => undefined);
    if (!stop.aborted) await client.query('select 1');
  }
}
