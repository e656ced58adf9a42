import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ComingRow, type ImportUpdate, ROW_REFUSALS } from '@lazada-sof/orders';
import { hostClient, openDbForTest, type TestDb } from '../db.fixture.ts';
import type { BegunImport } from './import-runs.ts';
import { ImportLost } from './take-piece.ts';

let host: TestDb;
let accountId: string;
let shop: string;
beforeAll(async () => {
  host = await openDbForTest({ source: 'order-update' });
  accountId = await host.account();
  shop =
    (await host.sql<{ name: string }>('select name from account.lazada where id = $1', [accountId]))[0]?.name ?? '';
});
afterAll(() => host.close());

const AT = new Date('2026-03-02T04:00:00Z');
const DELIVERED: ImportUpdate = { status: 'delivered', occurredAt: AT };
let files = 0;

async function begin(dryRun = false, by = 'clerk'): Promise<BegunImport> {
  async function* bytes() {
    yield Buffer.from(`file ${++files}`);
  }
  const { importId } = await host.db.imports.store({
    fileName: 'march.csv',
    source: 'api',
    by,
    dryRun,
    bytes: bytes(),
  });
  const begun = await host.db.importRuns.begin(importId);
  if (!begun) throw new Error('nothing to be done');
  return begun;
}

const rowOf = (line: number, orderNumber: string, update: ImportUpdate, account = shop): ComingRow => ({
  ...{ line, account, orderNumber, update },
  cells: [account, orderNumber, update.status ?? ''],
});

/** Their numbers, by their ids. */
async function orders(count: number, columns = {}): Promise<{ orderId: string; number: string }[]> {
  const made = [];
  for (let each = 0; each < count; each++) {
    const orderId = await host.order(accountId, columns);
    const [row] = await host.sql<{ number: string }>('select order_number as number from orders where id = $1', [
      orderId,
    ]);
    made.push({ orderId, number: row?.number ?? '' });
  }
  return made;
}
async function order(columns = {}) {
  const [one] = await orders(1, columns);
  return one ?? { orderId: '', number: '' };
}

const addPackage = (orderId: string, packageId: string, columns: Record<string, unknown> = {}) => {
  const row = {
    order_id: orderId,
    package_id: packageId,
    tracking_number: `T${packageId}`,
    state: 'shipped',
    ...columns,
  };
  const places = Object.keys(row).map((_, index) => `$${index + 1}`);
  return host.sql<{ id: string }>(
    `insert into order_lazada_package (${Object.keys(row).join(', ')}) values (${places.join(', ')}) returning id::text`,
    Object.values(row),
  );
};

const eventsOf = async (orderId: string) =>
  (await host.db.events.ofOrder(orderId)).map(({ kind, source, data }) => ({ kind, source, data }));
const stateOf = async (orderId: string) =>
  (
    await host.sql(
      `select update_delivered as flag, delivered_at as at, next_attempt_at <= now() as due from order_lazada where order_id = $1`,
      [orderId],
    )
  )[0];
const errorsOf = async (importId: string) => {
  const all = [];
  for await (const page of host.db.imports.errors(importId)) all.push(...page);
  return all;
};
const refusedOf = async (importId: string) => {
  const all = [];
  for await (const page of host.db.imports.refused(importId)) all.push(...page);
  return all;
};
const countsOf = async (importId: string) => {
  const view = await host.db.imports.find(importId);
  return view && { status: view.status, accepted: view.accepted, refused: view.refused, afterLine: view.afterLine };
};

test('what a row says is written with its event, by whom, of which file and line, and is due at once', async () => {
  const { orderId, number } = await order();
  const file = await begin();
  await host.sql('update order_lazada set next_attempt_at = null where order_id = $1', [orderId]);
  const taken = await host.db.importRuns.take(file, { rows: [rowOf(2, number, DELIVERED)], refused: [], afterLine: 2 });
  expect(taken).toEqual({ waiting: [], isStopAsked: false });
  expect(await stateOf(orderId)).toEqual({ flag: 1, at: AT, due: true });
  expect(await eventsOf(orderId)).toEqual([
    {
      ...{ kind: 'flag_set', source: 'import' },
      data: { status: 'delivered', at: AT.toISOString(), by: 'clerk', file: 'march.csv', line: 2 },
    },
  ]);
  expect(await countsOf(file.importId)).toEqual({ status: 'running', accepted: 1, refused: 0, afterLine: 2 });
});

test('ready to ship is written where the host reads it; a carrier’s number and a package’s time on the package', async () => {
  const [one, two] = await orders(2);
  await addPackage(two?.orderId ?? '', 'FP1');
  const file = await begin();
  await host.db.importRuns.take(file, {
    rows: [
      rowOf(2, one?.number ?? '', { status: 'ready_to_ship', occurredAt: AT }),
      rowOf(3, two?.number ?? '', { carrier: 'dhl', carrierTrackingNumber: 'JJD1' }),
      rowOf(4, two?.number ?? '', { ...DELIVERED, packageId: 'FP1' }),
    ],
    refused: [],
  });
  expect(await host.sql('select update_shipping, tool_status from orders where id = $1', [one?.orderId])).toEqual([
    { update_shipping: 1, tool_status: 'ready_for_delivery' },
  ]);
  expect(
    await host.sql(
      'select carrier, carrier_tracking_number, delivered_at from order_lazada_package where order_id = $1',
      [two?.orderId],
    ),
  ).toEqual([{ carrier: 'dhl', carrier_tracking_number: 'JJD1', delivered_at: AT }]);
  expect(await stateOf(two?.orderId ?? '')).toEqual({ flag: 0, at: null, due: true });
});

test('what cannot be taken is refused by its line, with its field, value, reason and the row as it came', async () => {
  const [there, known] = await orders(2);
  await addPackage(known?.orderId ?? '', 'FP1', { state: 'not_delivered' });
  const file = await begin();
  await host.db.importRuns.take(file, {
    rows: [
      rowOf(2, there?.number ?? '', DELIVERED),
      rowOf(3, '999', DELIVERED),
      rowOf(4, '1', DELIVERED, 'no-such-shop'),
      rowOf(5, known?.number ?? '', DELIVERED),
      rowOf(6, there?.number ?? '', { ...DELIVERED, packageId: 'FP9' }),
    ],
    refused: [
      { line: 7, cells: null, mistakes: [{ field: 'row', value: 'x', reason: 'it cannot be split' }] },
      {
        ...{ line: 8, cells: ['a', 'b'] },
        mistakes: [
          { field: 'status', value: 'gone', reason: 'it is no status' },
          { field: 'occurred_at', value: '', reason: 'it is empty' },
        ],
      },
    ],
    afterLine: 8,
  });
  expect(await errorsOf(file.importId)).toEqual([
    { line: 3, field: 'order_number', value: '999', reason: ROW_REFUSALS.orderUnknown() },
    { line: 4, field: 'account', value: 'no-such-shop', reason: ROW_REFUSALS.accountUnknown() },
    { line: 5, field: 'status', value: 'delivered', reason: expect.stringContaining('FP1 is already not_delivered') },
    { line: 6, field: 'package_id', value: 'FP9', reason: expect.stringContaining('no such package') },
    { line: 7, field: 'row', value: 'x', reason: 'it cannot be split' },
    { line: 8, field: 'status', value: 'gone', reason: 'it is no status' },
    { line: 8, field: 'occurred_at', value: '', reason: 'it is empty' },
  ]);
  expect(await refusedOf(file.importId)).toEqual([
    [shop, '999', 'delivered'],
    ['no-such-shop', '1', 'delivered'],
    [shop, known?.number, 'delivered'],
    [shop, there?.number, 'delivered'],
    ['a', 'b'],
  ]);
  expect(await countsOf(file.importId)).toEqual({ status: 'running', accepted: 1, refused: 6, afterLine: 8 });
});

test('however many rows, the statements are as many, and one transaction writes them all', async () => {
  const many = await orders(60);
  const file = await begin();
  const rows = many.map(({ number }, index) => rowOf(index + 2, number, DELIVERED));
  await host.db.importRuns.take(file, { rows, refused: [], afterLine: 61 });
  const ids = many.map(({ orderId }) => orderId);
  const writers = await host.sql(
    `select xmin::text from order_lazada where order_id = any ($1) union select xmin::text from order_lazada_event where order_id = any ($1)
      union select xmin::text from import_file where id = $2`,
    [ids, file.importId],
  );
  expect(writers).toHaveLength(1);
});

test('rows for one order follow one another, each on what the one before left', async () => {
  const { orderId, number } = await order();
  const file = await begin();
  const later = new Date('2026-03-03T04:00:00Z');
  await host.db.importRuns.take(file, {
    rows: [
      rowOf(2, number, DELIVERED),
      rowOf(3, number, { status: 'withdraw' }),
      rowOf(4, number, { status: 'withdraw' }),
      rowOf(5, number, { ...DELIVERED, occurredAt: later }),
    ],
    refused: [],
  });
  expect(await stateOf(orderId)).toEqual({ flag: 1, at: later, due: true });
  expect((await eventsOf(orderId)).map(({ kind, data }) => [kind, data.line])).toEqual([
    ['flag_set', 2],
    ['withdrawn', 3],
    ['flag_set', 5],
  ]);
  expect((await errorsOf(file.importId)).map(({ line }) => line)).toEqual([4]);
});

test('an order that somebody else holds waits with its rows, in their order, and holds up no other', async () => {
  const [held, free] = await orders(2);
  const person = await hostClient(host.url);
  await person.query(`begin; select from orders where id = ${held?.orderId} for update`);
  const file = await begin();
  const rows = [
    rowOf(2, held?.number ?? '', DELIVERED),
    rowOf(3, held?.number ?? '', { status: 'withdraw' }),
    rowOf(4, free?.number ?? '', DELIVERED),
  ];
  const { waiting } = await host.db.importRuns.take(file, { rows, refused: [], afterLine: 4 });
  expect(waiting.map(({ line }) => line)).toEqual([2, 3]);
  expect([await stateOf(held?.orderId ?? ''), await stateOf(free?.orderId ?? '')]).toMatchObject([
    { flag: 0 },
    { flag: 1 },
  ]);
  await person.query('commit');
  await person.end();
  // Whoever takes it up next finds them in its row.
  const next = await host.db.importRuns.begin(file.importId);
  expect(next?.waiting).toEqual(rows.slice(0, 2));
  const left = await host.db.importRuns.take(next ?? file, { rows: next?.waiting ?? [], refused: [], isRead: true });
  expect(left.waiting).toEqual([]);
  expect((await eventsOf(held?.orderId ?? '')).map(({ kind }) => kind)).toEqual(['flag_set', 'withdrawn']);
  expect(await countsOf(file.importId)).toMatchObject({ accepted: 3, refused: 0, afterLine: 4 });
});

test('an order that the database refuses to write is refused alone', async () => {
  const [good, bad, other] = await orders(3);
  await host.sql(`
    create function no_way() returns trigger language plpgsql as
      'begin raise exception ''the host says no'' using errcode = ''23514''; end';
    create trigger no_way before update on orders for each row when (new.id = ${bad?.orderId}) execute function no_way()`);
  const file = await begin();
  const say: ImportUpdate = { status: 'ready_to_ship', occurredAt: AT };
  const rows = [good, bad, other].map((one, index) => rowOf(index + 2, one?.number ?? '', say));
  await host.db.importRuns.take(file, { rows, refused: [], afterLine: 4 });
  await host.sql('drop trigger no_way on orders; drop function no_way');
  expect(await errorsOf(file.importId)).toEqual([
    { line: 3, field: 'row', value: bad?.number, reason: ROW_REFUSALS.orderNotWritten('the host says no') },
  ]);
  expect(await countsOf(file.importId)).toMatchObject({ accepted: 2, refused: 1, afterLine: 4 });
  expect(
    await host.sql('select from orders where id = any ($1) and update_shipping = 1', [[good?.orderId, other?.orderId]]),
  ).toHaveLength(2);
});

test('whoever has lost the import writes nothing, and neither does one of an import that is forgotten', async () => {
  const { orderId, number } = await order();
  const file = await begin();
  const mine = await host.db.importRuns.begin(file.importId);
  const piece = { rows: [rowOf(2, number, DELIVERED)], refused: [], afterLine: 2 };
  await expect(host.db.importRuns.take(file, piece)).rejects.toThrow(ImportLost);
  await host.db.imports.forget(file.importId);
  await expect(host.db.importRuns.take(mine ?? file, piece)).rejects.toThrow(ImportLost);
  expect([await stateOf(orderId), await eventsOf(orderId)]).toMatchObject([{ flag: 0 }, []]);
});

test('a dry run judges likewise and writes nothing but counts and mistakes', async () => {
  const { orderId, number } = await order();
  const file = await begin(true);
  await host.db.importRuns.take(file, {
    rows: [rowOf(2, number, DELIVERED), rowOf(3, '999', DELIVERED)],
    refused: [],
    afterLine: 3,
  });
  await host.db.importRuns.finish(file);
  expect([await stateOf(orderId), await eventsOf(orderId)]).toMatchObject([{ flag: 0 }, []]);
  expect(await countsOf(file.importId)).toEqual({ status: 'checked', accepted: 1, refused: 1, afterLine: 3 });
});

test('a piece is judged meanwhile, and written behind the one before it or not at all', async () => {
  const [one, two] = await orders(2);
  const file = await begin();
  const before = Promise.withResolvers<void>();
  const isJudged = Promise.withResolvers<void>();
  const behind = () => {
    isJudged.resolve();
    return before.promise;
  };
  const writing = host.db.importRuns.take(file, {
    rows: [rowOf(3, two?.number ?? '', DELIVERED)],
    refused: [],
    behind,
  });
  await isJudged.promise;
  await host.db.importRuns.take(file, { rows: [rowOf(2, one?.number ?? '', DELIVERED)], refused: [], afterLine: 2 });
  expect(await stateOf(two?.orderId ?? '')).toMatchObject({ flag: 0 });
  before.reject(new Error('not now'));
  await expect(writing).rejects.toThrow('not now');
  expect([await stateOf(two?.orderId ?? ''), await countsOf(file.importId)]).toMatchObject([
    { flag: 0 },
    { accepted: 1, afterLine: 2 },
  ]);
});

test('one that runs is told to stop between two pieces', async () => {
  const { number } = await order();
  const file = await begin();
  await host.db.imports.stop(file.importId);
  const piece = { rows: [rowOf(2, number, DELIVERED)], refused: [], afterLine: 2 };
  expect(await host.db.importRuns.take(file, piece)).toMatchObject({ isStopAsked: true });
  expect(await host.db.importRuns.keep(file)).toEqual({ isStopAsked: true });
});

test('one that nobody goes on with is offered once, two minutes later', async () => {
  const file = await begin();
  expect(await host.db.importRuns.takeDue()).not.toContain(file.importId);
  await host.sql("update import_file set due_at = now() - interval '1 s' where id = $1", [file.importId]);
  expect(await host.db.importRuns.takeDue()).toContain(file.importId);
  expect(await host.db.importRuns.takeDue()).not.toContain(file.importId);
  await host.db.importRuns.finish(file);
  expect(await host.db.importRuns.begin(file.importId)).toBeNull();
});

describe('a file has the effect of its rows one by one', () => {
  /** The same numbers again by the same seed. */
  function chance(seed: number) {
    let state = seed;
    return (below: number): number => {
      state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
      return Math.floor((state / 2 ** 32) * below);
    };
  }
  type Chance = ReturnType<typeof chance>;
  const pick = <One>(next: Chance, list: readonly One[]): One => list[next(list.length)] as One;
  const TIMES = [AT, new Date('2026-03-03T04:00:00Z')];
  const STATES = ['packed', 'ready_to_ship', 'shipped', 'delivered', 'not_delivered', 'cancelled'];

  type Situation = {
    flags: { update_delivered: number; update_not_delivered: number };
    packages: { state: string; said: boolean; sent: boolean; attempt: string | null }[];
  };
  const situation = (next: Chance): Situation => ({
    flags: { update_delivered: next(4) === 0 ? 1 : 0, update_not_delivered: next(6) === 0 ? 1 : 0 },
    packages: Array.from({ length: next(3) }, () => ({
      state: pick(next, STATES),
      said: next(3) === 0,
      sent: next(2) === 0,
      attempt: next(4) === 0 ? pick(next, ['sending', 'unknown', 'accepted']) : null,
    })),
  });

  const update = (next: Chance): ImportUpdate => {
    const status = pick(next, [
      'ready_to_ship',
      'shipped',
      'delivered',
      'not_delivered',
      'withdraw',
      undefined,
    ] as const);
    const target = pick(next, [
      {},
      {},
      { packageId: 'FP0' },
      { packageId: 'FP1' },
      { trackingNumber: 'TFP0' },
    ] as const);
    const number = { carrier: 'dhl', carrierTrackingNumber: `JJD${next(2)}` };
    if (status === undefined) return { ...target, ...number };
    return {
      ...{ status, ...target },
      ...(status !== 'withdraw' && { occurredAt: pick(next, TIMES) }),
      ...(next(4) === 0 && number),
      ...(status === 'not_delivered' && next(2) === 0 && { reason: 'nobody at home' }),
    };
  };

  async function play({ flags, packages }: Situation) {
    const made = await order();
    await host.sql(
      'update order_lazada set update_delivered = $2, update_not_delivered = $3, delivered_at = $4, not_delivered_at = $5 where order_id = $1',
      [
        ...[made.orderId, flags.update_delivered, flags.update_not_delivered],
        ...[flags.update_delivered ? AT : null, flags.update_not_delivered ? AT : null],
      ],
    );
    for (const [index, { state, said, sent, attempt }] of packages.entries()) {
      const isEnd = state === 'delivered' || state === 'not_delivered';
      const at = (end: string) => (said || (sent && state === end) ? AT : null);
      const [row] = await addPackage(made.orderId, `FP${index}`, {
        state,
        delivered_at: at('delivered'),
        delivered_sent_at: sent && state === 'delivered' ? AT : null,
        not_delivered_at: isEnd ? at('not_delivered') : null,
        not_delivered_sent_at: sent && state === 'not_delivered' ? AT : null,
        shipped_at: sent ? AT : null,
        shipped_sent_at: sent && state !== 'packed' && state !== 'ready_to_ship' ? AT : null,
      });
      if (attempt !== null)
        await host.sql(
          `insert into order_lazada_attempt (order_id, package_id, tracking_number, status, occurred_at, outcome, started_at)
           values ($1, $2, $3, 'delivered', $4, $5, $4)`,
          [made.orderId, row?.id, `TFP${index}`, AT, attempt],
        );
    }
    // As whoever changed it last has left it.
    await settle(made.orderId);
    return made;
  }

  const settle = (orderId: string) => host.db.externalChanges.change(orderId, (one) => ({ order: one, events: [] }));
  const begun = Date.now();
  /** What was written by the clock of the moment. */
  const withoutNow = (value: object): unknown =>
    JSON.parse(JSON.stringify(value), (_, inner: unknown) =>
      typeof inner === 'string' && /^\d{4}-.*Z$/.test(inner) && Date.parse(inner) >= begun - 60_000 ? 'now' : inner,
    );

  /** What follows from it by the rules, as whoever comes next computes it, and what the order is then. */
  async function settled(orderId: string) {
    await settle(orderId);
    const loaded = await host.db.orders.load(orderId);
    if (!loaded) throw new Error('the order is gone');
    const { order: one } = loaded;
    return withoutNow({
      ...{ ...one, orderId: '', orderNumber: '', createdAt: null, nextAttemptAt: null },
      packages: one.packages.map((parcel) => ({ ...parcel, id: '' })),
      attempts: one.attempts.map(({ outcome, status }) => ({ outcome, status })),
      steps: one.steps.map(({ step, blocked }) => ({ step, blocked })),
    });
  }
  const WORDS = ['by', 'file', 'line', 'requestId', 'sent'];
  const told = async (orderId: string) =>
    (await eventsOf(orderId))
      .filter(
        ({ source, kind }) =>
          (source === 'import' || source === 'order-update') && (kind === 'flag_set' || kind === 'withdrawn'),
      )
      .map(({ kind, data }) => ({
        kind,
        data: Object.fromEntries(Object.entries(data).filter(([key]) => !WORDS.includes(key))),
      }));

  test.each([1, 2, 3])(
    'of random orders and rows, seed %i',
    async (seed) => {
      const next = chance(seed);
      const pairs = [];
      for (let index = 0; index < 40; index++) {
        const one = situation(next);
        pairs.push({
          bulk: await play(one),
          single: await play(one),
          updates: Array.from({ length: 1 + next(3) }, () => update(next)),
        });
      }
      let line = 1;
      const rows = pairs.flatMap(({ bulk, updates }) => updates.map((one) => rowOf(++line, bulk.number, one)));
      const file = await begin();
      for (let from = 0; from < rows.length; from += 25)
        await host.db.importRuns.take(file, { rows: rows.slice(from, from + 25), refused: [] });
      const refused = new Map((await errorsOf(file.importId)).map((one) => [one.line, one]));
      line = 1;
      let taken = 0;
      for (const { bulk, single, updates } of pairs) {
        for (const one of updates) {
          line += 1;
          const answer = await host.db.updates.take(single.orderId, one);
          const mistake = refused.get(line);
          expect([answer.is, answer.is === 'refused' ? answer.refusal.reason : undefined]).toEqual([
            mistake ? 'refused' : 'taken',
            mistake?.reason,
          ]);
          if (answer.is === 'taken') taken += 1;
        }
        expect(await told(bulk.orderId)).toEqual(await told(single.orderId));
        expect(await settled(bulk.orderId)).toEqual(await settled(single.orderId));
      }
      expect(await countsOf(file.importId)).toMatchObject({ accepted: taken, refused: line - 1 - taken });
      // Both happen, or the test says little.
      expect(Math.min(taken, line - 1 - taken)).toBeGreaterThan(10);
    },
    60_000,
  );
});
