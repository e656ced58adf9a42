/**
 * Processes die while other systems' updates are in flight, and Redis loses all that it has. In the end each update has
 * had one effect, and the rows are as a model says that knows nothing of how they are written.
 */
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import pg from 'pg';
import { describeOnRedis } from '../src/servers/suites.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';
import { loseQueue } from './lose-queue.ts';
import { type Heard, openUpdateSender, type Said, type UpdateSender } from './update-sender.ts';

const ORDERS = 60;
const KILLS = 10;
/** So many updates at least are taken between two kills. */
const BETWEEN_KILLS = 150;

/** What was said of an order and stands, as the columns have it. */
type Standing = {
  update_shipping: number;
  shipped_at: number | null;
  update_delivered: number;
  delivered_at: number | null;
  update_not_delivered: number;
  not_delivered_at: number | null;
  carrier_tracking_number: string | null;
};
const NOTHING_SAID: Standing = {
  update_shipping: 0,
  shipped_at: null,
  update_delivered: 0,
  delivered_at: null,
  update_not_delivered: 0,
  not_delivered_at: null,
  carrier_tracking_number: null,
};

/** The model: null where the update is refused. */
type Says = (standing: Standing, at: number, number: string) => Standing | null;
const MODEL: Readonly<Record<string, Says>> = {
  ready_to_ship: (standing) => ({ ...standing, update_shipping: 1 }),
  shipped: (standing, at) => ({ ...standing, shipped_at: at }),
  delivered: (standing, at) => ({ ...standing, update_delivered: 1, delivered_at: at }),
  not_delivered: (standing, at) => ({ ...standing, update_not_delivered: 1, not_delivered_at: at }),
  withdraw: ({ carrier_tracking_number, ...said }) => {
    const isNothing =
      said.update_shipping + said.update_delivered + said.update_not_delivered === 0 && said.shipped_at === null;
    return isNothing ? null : { ...NOTHING_SAID, carrier_tracking_number };
  },
  // Nothing is there that a person could end: the order has no package.
  release: () => null,
  number: (standing, _at, number) => ({ ...standing, carrier_tracking_number: number }),
};
const SAYINGS = Object.keys(MODEL);

const ROWS = `
  select o.order_number, coalesce(o.update_shipping, 0)::int as update_shipping, l.shipped_at, l.update_delivered::int,
         l.delivered_at, l.update_not_delivered::int, l.not_delivered_at, l.carrier_tracking_number
    from public.orders o join public.order_lazada l on l.order_id = o.id order by o.id`;
const EVENTS = `
  select o.order_number, e.data ->> 'requestId' as request, count(*)::int as times
    from public.order_lazada_event e join public.orders o on o.id = e.order_id
   where e.data ? 'requestId' group by 1, 2`;
const TAKEN = "select count(*)::int as n from public.order_lazada_event where data ? 'requestId'";

await describeOnRedis("other systems' updates", () => {
  let system: TestSystem;
  let erp: UpdateSender;
  beforeEach(async () => {
    system = await startTestSystem({ queue: 'redis', services: ['order-update'], counts: { 'order-update': 3 } });
    erp = await openUpdateSender(system);
    await system.sql(
      "insert into account.lazada (name, country, delivery_type, app_key, sof_username, sof_password) values ('shop', 'SG', 'sof', '1', 'user', 'password')",
    );
    await system.sql(
      `insert into public.orders (account_id, order_number, created_at)
       select a.id, '4' || n, now() - interval '2 d' from account.lazada a, generate_series(1, ${ORDERS}) n`,
    );
  }, 60_000);
  afterEach(async () => {
    await erp?.close();
    await system?.close();
  }, 60_000);

  const order = (n: number) => ({ account: 'shop', orderNumber: `4${n}` });
  const taken = async () => Number((await system.sql<{ n: number }>(TAKEN))[0]?.n);
  /** Each request with its event, as text; one that has several is there with their number. */
  const events = async () =>
    (await system.sql<{ order_number: string; request: string; times: number }>(EVENTS))
      .map((one) => `${one.order_number} ${one.request} ${one.times}`)
      .sort();
  async function standing(): Promise<Record<string, Standing>> {
    const rows = await system.sql<Record<string, unknown>>(ROWS);
    const plain = (value: unknown) => (value instanceof Date ? value.getTime() : value);
    return Object.fromEntries(
      rows.map(({ order_number, ...columns }) => [
        String(order_number),
        Object.fromEntries(Object.entries(columns).map(([name, value]) => [name, plain(value)])) as Standing,
      ]),
    );
  }

  /** Whoever is killed is started again while the others go on. */
  async function killInTurns(kills: number): Promise<void> {
    for (let kill = 0; kill < kills; kill += 1) {
      const enough = (await taken()) + BETWEEN_KILLS;
      await until(async () => (await taken()) >= enough, { what: `${enough} updates are taken`, withinMs: 120_000 });
      const victim = system.worker('order-update', kill % 3);
      await victim.kill();
      await victim.start();
    }
  }

  test(`survive ${KILLS} kills: each has one effect, and the rows are as the model says`, async () => {
    let isOver = false;
    const told: string[] = [];
    const model: Record<string, Standing> = {};

    /** One system that speaks of one order, one thing after the other. */
    async function speakOf(n: number): Promise<void> {
      const { orderNumber } = order(n);
      let now = NOTHING_SAID;
      for (let step = 0; !isOver; step += 1) {
        const saying = SAYINGS[(step * 5 + n) % SAYINGS.length] ?? '';
        const { said, at, number } = what(saying, n, step);
        const heard = await erp.send(said);
        const next = MODEL[saying]?.(now, at ?? heard.addedAt, number) ?? null;
        expect({ orderNumber, saying, step, heard }).toMatchObject({ heard: { state: next ? 'completed' : 'failed' } });
        if (next) told.push(`${orderNumber} ${requestOf(said, heard)} 1`);
        now = next ?? now;
      }
      model[orderNumber] = now;
    }

    const speaking = Promise.all(Array.from({ length: ORDERS }, (_, at) => speakOf(at + 1)));
    await Promise.race([killInTurns(KILLS), speaking]).finally(() => {
      isOver = true;
    });
    await speaking;
    expect(await events()).toEqual(told.sort());
    expect(await standing()).toEqual(model);
    expect(told.length).toBeGreaterThan(KILLS * BETWEEN_KILLS);
  }, 600_000);

  test('that their senders send again, since Redis lost everything in the middle, have one effect each', async () => {
    const at = Date.now() - 3_600_000;
    const all: Said[] = Array.from({ length: 10 * ORDERS }, (_, index) => ({
      ...order(1 + (index % ORDERS)),
      status: 'shipped',
      occurredAt: new Date(at).toISOString(),
      requestId: `r-${index}`,
    }));
    // So that not all are taken by then, however slow this machine is at the moment.
    const letGo = await holdHalf(system.databaseUrl);
    await erp.throwIn(all);
    await until(async () => (await taken()) > ORDERS, { what: 'some are taken', withinMs: 60_000 });
    await loseQueue(system);
    await letGo();
    expect(await taken()).toBeLessThan(all.length);
    await erp.throwIn(all);
    await erp.untilTaken();
    expect(await events()).toEqual(all.map(({ orderNumber, requestId }) => `${orderNumber} ${requestId} 1`).sort());
    expect(Object.values(await standing())).toEqual(Array(ORDERS).fill({ ...NOTHING_SAID, shipped_at: at }));
  }, 300_000);
});

/** A host that writes every second order. Answers how it ends. */
async function holdHalf(databaseUrl: string): Promise<() => Promise<void>> {
  const host = new pg.Client({ connectionString: databaseUrl });
  await host.connect();
  await host.query('begin');
  await host.query('select from public.order_lazada where order_id % 2 = 0 for update');
  return () => host.end();
}

/** Every second one names no request of its own, every third no time. */
function what(saying: string, n: number, step: number): { said: Said; at: number | null; number: string } {
  const number = `D${n}-${step}`;
  const at = step % 3 === 0 || ['withdraw', 'release', 'number'].includes(saying) ? null : Date.now() - 60_000 - step;
  const said = {
    account: 'shop',
    orderNumber: `4${n}`,
    ...(saying === 'number' ? { carrier: 'dhl', carrierTrackingNumber: number } : { status: saying }),
    ...(at !== null && { occurredAt: new Date(at).toISOString() }),
    ...(step % 2 === 0 && { requestId: `r-${step}` }),
  };
  return { said, at, number };
}

const requestOf = (said: Said, { id, addedAt }: Heard): string => String(said.requestId ?? `job:${id}:${addedAt}`);
