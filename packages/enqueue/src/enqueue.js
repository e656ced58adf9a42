/**
 * Adds updates of orders to lazada-sof's queue, from any Node system. Stands alone: others install it, and Node strips no
 * types inside `node_modules`.
 *
 * Calls with the same address share one connection for as long as there are calls, and a second more: one for each
 * update would be a handshake each, one that is never closed would keep a script from ending. It does not heal:
 * whatever goes wrong on it ends it, and the next call opens another.
 */
import { inspect } from 'node:util';
import { Queue } from 'bullmq';
import { Cluster, Redis } from 'ioredis';

/** @typedef {import('./enqueue.d.ts').OrderUpdatePayload} Payload */
/** @typedef {{ url: string, prefix: string }} Server */
/** @typedef {{ client: Redis | Cluster, queue: Queue }} Link */

/** @type {typeof import('./enqueue.d.ts').enqueue} */
export async function enqueue(updates, { url, prefix = '{lazada-sof}' }) {
  const payloads = payloadsOf(updates);
  checkServer({ url, prefix });
  if (payloads.length > 0) await withQueue({ url, prefix }, (queue) => addAll(queue, payloads, url));
}

/** As the services add theirs: so often it is tried, and so many of those that are over stay to be looked at. */
const JOB = {
  attempts: 9,
  backoff: { type: 'failure' },
  removeOnComplete: { count: 1_000 },
  removeOnFail: { count: 5_000 },
  stackTraceLimit: 1,
};

/** In one packet: the next goes when it has been answered. */
const AT_ONCE = 1_000;

/**
 * @param {Queue} queue
 * @param {readonly Payload[]} payloads
 * @param {string} url
 */
async function addAll(queue, payloads, url) {
  for (let from = 0; from < payloads.length; from += AT_ONCE) {
    const jobs = payloads.slice(from, from + AT_ONCE).map((data) => ({ name: 'update-order', data, opts: JOB }));
    try {
      await queue.addBulk(jobs);
    } catch (error) {
      const known =
        from > 0
          ? `The first ${from} of ${payloads.length} are in the queue. Whether it has the rest is not known`
          : 'Whether it has them is not known';
      throw new Error(
        `the queue at ${addressOf(url)} did not take the updates: ${reasonOf(error)}. ${known}: send them again, with the same requestId they have one effect`,
      );
    }
  }
}

const STATUSES = ['ready_to_ship', 'shipped', 'delivered', 'not_delivered', 'release', 'withdraw'];

/** The texts, and how many characters each may have. @type {Readonly<Record<string, number>>} */
const LONGEST = {
  account: 500,
  orderNumber: 100,
  packageId: 100,
  trackingNumber: 100,
  carrier: 50,
  carrierTrackingNumber: 100,
  reason: 1_000,
  requestId: 200,
};
const NEEDED = ['account', 'orderNumber'];
const FIELDS = ['v', 'status', 'occurredAt', ...Object.keys(LONGEST)];

const TIME =
  /^([0-9]{4})-([0-9]{2})-([0-9]{2})T([01][0-9]|2[0-3])(:[0-5][0-9]){2}(\.[0-9]+)?(Z|[+-]([01][0-9]|2[0-3]):[0-5][0-9])$/;

/**
 * @param {unknown} updates
 * @returns {Payload[]}
 */
function payloadsOf(updates) {
  const list = Array.isArray(updates) ? updates : [updates];
  const mistakes = list.flatMap((update, at) => {
    const place = Array.isArray(updates) ? `updates[${at}].` : '';
    return mistakesIn(update).map((mistake) => `${place}${mistake}`);
  });
  if (mistakes.length > 0) throw new TypeError(`nothing was sent: ${mistakes.join('; ')}`);
  return list.map((update) => ({ ...update, v: 1 }));
}

/**
 * @param {unknown} update
 * @returns {string[]}
 */
function mistakesIn(update) {
  if (typeof update !== 'object' || update === null || Array.isArray(update))
    return [`update is ${shown(update)}: write an object`];
  const given = Object.entries(update).filter(([, value]) => value !== undefined);
  const missing = NEEDED.filter((field) => !given.some(([name]) => name === field));
  return [
    ...missing.map((field) => `${field} is missing: write it`),
    ...given.flatMap(([field, value]) => {
      const mistake = mistakeIn(field, value);
      return mistake ? [`${field} ${mistake}`] : [];
    }),
  ];
}

/**
 * @param {string} field
 * @param {unknown} value
 * @returns {string | undefined}
 */
function mistakeIn(field, value) {
  if (!FIELDS.includes(field)) return `is no field: there are ${FIELDS.join(', ')}`;
  if (field === 'v') return value === 1 ? undefined : `is ${shown(value)}: write 1, or leave it out`;
  if (typeof value !== 'string') return `is ${shown(value)}: write it as text, in quotes`;
  if (field === 'status')
    return STATUSES.includes(value) ? undefined : `is ${shown(value)}: write one of ${STATUSES.join(', ')}`;
  if (field === 'occurredAt')
    return isTime(value)
      ? undefined
      : `is ${shown(value)}: write a time with its offset, like 2026-03-14T15:09:26+08:00 or …Z`;
  return mistakeInText(field, value);
}

/**
 * @param {string} field
 * @param {string} value
 */
function mistakeInText(field, value) {
  const longest = LONGEST[field] ?? 0;
  if (value === '') return NEEDED.includes(field) ? 'is empty: write it' : 'is empty: leave it out';
  // As PostgreSQL counts them: a letter beyond U+FFFF is one.
  const { length } = [...value];
  if (length > longest) return `has ${length} characters: ${longest} are the most`;
  if (value.includes('\0') || !value.isWellFormed())
    return 'has a character that cannot be stored (NUL, or half of a surrogate pair): take it out';
}

/**
 * Of a day that there is. Years from 1000: an offset can take the first of them into year 0, which is stored nowhere.
 *
 * @param {string} text
 */
function isTime(text) {
  const [, year, month, day] = (TIME.exec(text) ?? []).map(Number);
  if (year === undefined || month === undefined || day === undefined || year < 1_000) return false;
  const date = new Date(Date.UTC(year, month - 1, day));
  return date.getUTCMonth() === month - 1 && date.getUTCDate() === day;
}

/** @param {unknown} value */
const shown = (value) => inspect(value, { depth: 0, breakLength: Number.POSITIVE_INFINITY }).slice(0, 60);

const SCHEMES = ['redis:', 'rediss:', 'redis+cluster:', 'rediss+cluster:'];

/** @param {Server} server */
function checkServer({ url, prefix }) {
  if (url === undefined) throw new TypeError('url is missing: write that of the Redis of lazada-sof');
  // Not shown: it holds the password.
  if (!URL.canParse(url)) throw new TypeError('url is no address: write one like redis://:password@host:6379');
  const { protocol, hostname } = new URL(url);
  if (/^postgres(ql)?:$/.test(protocol))
    throw new TypeError(
      'url is a PostgreSQL: this package speaks to Redis alone. Use the Redis that QUEUE_URL of lazada-sof names, or its HTTP API',
    );
  if (!SCHEMES.includes(protocol))
    throw new TypeError(
      `url begins with ${protocol}//: write one of ${SCHEMES.map((scheme) => `${scheme}//`).join(', ')}`,
    );
  if (hostname === '') throw new TypeError('url names no host: write one like redis://:password@host:6379');
  if (prefix === '') throw new TypeError("prefix is empty: write lazada-sof's QUEUE_PREFIX, or leave it out");
  if (protocol.includes('+cluster') && !/\{.+\}/.test(prefix))
    throw new TypeError(`prefix is ${shown(prefix)}: on a cluster it needs braces, like {lazada-sof}`);
}

/**
 * The address as it may be shown: without user, password and options.
 *
 * @param {string} url
 */
function addressOf(url) {
  const { protocol, host } = new URL(url);
  return `${protocol}//${host}`;
}

/** By server. @type {Map<string, Shared>} */
const shared = new Map();

/** @typedef {{ opening: Promise<Link>, users: number, idle: NodeJS.Timeout | undefined, known: () => boolean, forget: () => void }} Shared */

/** How long a connection outlives the last call on it. */
const IDLE_MS = 1_000;

/**
 * @param {Server} server
 * @param {(queue: Queue) => Promise<void>} use
 */
async function withQueue(server, use) {
  const link = linkTo(server);
  clearTimeout(link.idle);
  link.users += 1;
  try {
    const { queue } = await link.opening;
    await use(queue);
  } catch (error) {
    link.forget();
    throw error;
  } finally {
    link.users -= 1;
    if (link.users === 0) link.idle = setTimeout(() => end(link), link.known() ? IDLE_MS : 0);
  }
}

/** @param {Shared} link */
function end({ opening, forget }) {
  forget();
  opening.then(
    ({ client }) => client.disconnect(),
    () => undefined, // told to whoever waited for it
  );
}

/**
 * @param {Server} server
 * @returns {Shared}
 */
function linkTo(server) {
  const key = JSON.stringify([server.url, server.prefix]);
  const there = shared.get(key);
  if (there) return there;
  const known = () => shared.get(key) === link;
  const forget = () => {
    if (known()) shared.delete(key);
  };
  /** @type {Shared} */
  const link = { opening: open(server, forget), users: 0, idle: undefined, known, forget };
  shared.set(key, link);
  return link;
}

/**
 * @param {Server} server
 * @param {() => void} whenClosed
 * @returns {Promise<Link>}
 */
async function open({ url, prefix }, whenClosed) {
  const client = clientFor(url);
  /** @type {unknown} */
  let told;
  // ioredis rejects `connect()` with "Connection is closed" and tells the reason only here, a cluster per node.
  for (const event of ['error', 'node error']) {
    client.on(event, (error) => {
      told = error;
    });
  }
  client.once('close', whenClosed);
  try {
    await inTime(client.connect());
  } catch (error) {
    client.disconnect();
    // Without the cause: that of a refused login holds the password.
    throw new Error(`the queue at ${addressOf(url)} cannot be reached: ${reasonOf(told ?? error)}. Nothing was sent`);
  }
  // What holds for the whole queue is the services' to write. The version would be asked by INFO, which servers hide.
  const options = {
    connection: client,
    prefix,
    skipWaitingForReady: true,
    skipVersionCheck: true,
    skipMetasUpdate: true,
  };
  return { client, queue: new Queue('order-update', options).on('error', () => undefined) };
}

const OPEN_MS = 10_000;

/**
 * A cluster whose nodes do not know their own addresses is tried for ever.
 *
 * @param {Promise<void>} connecting
 */
async function inTime(connecting) {
  /** @type {NodeJS.Timeout | undefined} */
  let timer;
  const late = new Promise((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error(`no connection after ${OPEN_MS / 1_000} s`)), OPEN_MS);
  });
  await Promise.race([connecting, late]).finally(() => clearTimeout(timer));
}

/** Nothing is kept for later: what cannot be sent now fails, so that the caller knows. */
const EACH = {
  connectTimeout: 5_000,
  commandTimeout: 5_000,
  maxRetriesPerRequest: 0,
  enableOfflineQueue: false,
  disconnectTimeout: 200,
};

/** @param {string} url */
function clientFor(url) {
  const { protocol, hostname, port, username, password } = new URL(url);
  if (!protocol.includes('+cluster')) return new Redis(url, { ...EACH, lazyConnect: true, retryStrategy: () => null });
  const { enableOfflineQueue, ...each } = EACH;
  return new Cluster([{ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port || 6379) }], {
    enableOfflineQueue,
    lazyConnect: true,
    clusterRetryStrategy: () => null,
    redisOptions: {
      ...each,
      ...(username && { username: decodeURIComponent(username) }),
      ...(password && { password: decodeURIComponent(password) }),
      ...(protocol === 'rediss+cluster:' && { tls: {} }),
    },
  });
}

/**
 * @param {unknown} error
 * @returns {string}
 */
function reasonOf(error) {
  if (error instanceof AggregateError) return reasonOf(error.errors[0]); // one per address of the host
  if (!(error instanceof Error)) return String(error);
  if (error.message.startsWith('MOVED '))
    return 'it is one node of a cluster: write the address with redis+cluster:// or rediss+cluster://';
  const { lastNodeError, code } = /** @type {Error & { lastNodeError?: unknown, code?: unknown }} */ (error);
  return lastNodeError ? reasonOf(lastNodeError) : (error.message || String(code)).replace(/\.$/, '');
}
