import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { type Changed, type Decide, type NewDocument, type Order, quiet } from '@lazada-sof/orders';
import { after, anAttempt, anItem, aPackage, aRow } from '@lazada-sof/orders/fixture';
import pg from 'pg';
import { hostClient, openDbForTest, READY, type TestDb } from '../db.fixture.ts';

let host: TestDb;
let accountId: string;

beforeAll(async () => {
  host = await openDbForTest({ source: 'status-sync' });
  accountId = await host.account({ timezone: null, country: 'th' });
});
afterAll(() => host.close());

const AT = new Date('2026-03-02T04:00:00.123Z');

async function load(orderId: string): Promise<Order> {
  const loaded = await host.db.orders.load(orderId);
  if (!loaded) throw new Error(`order ${orderId} is gone`);
  return loaded.order;
}
async function change(orderId: string, decide: Decide): Promise<Changed> {
  const changed = await host.db.orders.change(orderId, decide);
  if (typeof changed !== 'object') throw new Error(`order ${orderId} is ${changed}`);
  return changed;
}
/** An order with one package that is ready to ship, written by a change. */
async function readyOrder(fields: Partial<Order> = {}): Promise<Order> {
  const orderId = await host.order(accountId);
  const ready = (order: Order) => ({
    ...order,
    items: [anItem()],
    itemsReadAt: AT,
    packages: [aPackage({ id: '' })],
    ...fields,
  });
  return (await change(orderId, (order) => quiet(ready(order)))).order;
}
const eventsOf = async (orderId: string) =>
  (await host.db.events.ofOrder(orderId)).map(({ kind, source, data }) => ({ kind, source, data }));
const stored = async (orderId: string) =>
  (await host.sql('select * from order_lazada where order_id = $1', [orderId]))[0] ?? {};

/** How many statements reach the database meanwhile. */
async function statementsOf(work: () => Promise<unknown>): Promise<number> {
  const query = jest.spyOn(pg.Client.prototype, 'query');
  try {
    await work();
    return query.mock.calls.length;
  } finally {
    query.mockRestore();
  }
}

describe('loading', () => {
  test('an order is read as the host wrote it, ids as text', async () => {
    const orderId = await host.order(accountId, {
      order_number: '400000000000000001',
      tool_status: 'packed',
      update_shipping: 1,
      created_at: AT,
    });
    await host.sql(
      "update order_lazada set update_delivered = 1, delivered_at = '2026-03-01T00:00:00.5Z' where order_id = $1",
      [orderId],
    );
    expect(await load(orderId)).toMatchObject({
      orderId,
      orderNumber: '400000000000000001',
      account: { accountId, country: 'TH', timezone: 'Asia/Bangkok', deliveryType: 'sof', sofDriver: 'sofp' },
      createdAt: AT,
      toolStatus: 'packed',
      updateShipping: true,
      delivered: { flag: true, at: new Date('2026-03-01T00:00:00.500Z'), sentAt: null },
      notDelivered: { flag: false },
      items: null,
      packages: [],
    });
  });

  test('an order that does not exist is null', async () => {
    expect(await host.db.orders.load('987654321')).toBeNull();
  });

  test('an order whose host never said when it was placed has no such time', async () => {
    expect((await load(await host.order(accountId))).createdAt).toBeNull();
  });

  test('150 loads of one moment are one transaction', async () => {
    const ids = await Promise.all(Array.from({ length: 150 }, () => host.order(accountId)));
    const count = await statementsOf(async () => {
      const loaded = await Promise.all(ids.map((orderId) => host.db.orders.load(orderId)));
      expect(loaded.map((one) => one?.order.orderId)).toEqual(ids);
    });
    expect(count).toBeLessThanOrEqual(8);
  });
});

describe('changing', () => {
  test('what a change answers is what the next load reads', async () => {
    const orderId = await host.order(accountId, { update_shipping: 1, tool_status: 'ready_for_delivery' });
    await host.sql("insert into order_items (order_id, order_item_id) values ($1, '1')", [orderId]);
    const first = await change(orderId, (order) => ({
      order: {
        ...order,
        updateShipping: false,
        shippedAt: AT,
        carrier: 'DHL',
        carrierTrackingNumber: 'JJD000390007886222',
        items: [anItem(), anItem({ orderItemId: '2', packageId: 'FP2' })],
        itemsReadAt: AT,
        packages: [
          aPackage({ id: '' }),
          aPackage({ id: '', packageId: 'FP2', trackingNumber: null, readyToShipAt: AT }),
        ],
        steps: [aRow({ step: 'look', dueAt: AT, tries: 3, errorCode: 'timeout', error: 'no answer in 30 s' })],
        notDelivered: { ...order.notDelivered, reason: 'nobody at home' },
      },
      events: [{ kind: 'ready_to_ship', packageId: 'FP1', data: { packages: 2 }, requestId: 'req-1' }],
      itemTracking: [{ orderItemId: '1', trackingNumber: 'TN1' }],
    }));
    expect(first.order.packages.map(({ id }) => /^\d+$/.test(id))).toEqual([true, true]);
    expect(first.order.trackingNumber).toBe('TN1');
    expect(await load(orderId)).toEqual(first.order);
    expect(await host.sql('select update_shipping, tracking_number from orders where id = $1', [orderId])).toEqual([
      { update_shipping: 0, tracking_number: 'TN1' },
    ]);
    expect(await host.sql('select tracking_number from order_items where order_id = $1', [orderId])).toEqual([
      { tracking_number: 'TN1' },
    ]);
    expect((await eventsOf(orderId))[0]).toEqual({
      kind: 'ready_to_ship',
      source: 'status-sync',
      data: { packages: 2, packageId: 'FP1' },
    });
    expect(
      await host.sql(
        'select package_id, request_id from order_lazada_event where order_id = $1 and request_id is not null',
        [orderId],
      ),
    ).toEqual([{ package_id: first.order.packages[0]?.id, request_id: 'req-1' }]);

    const second = await change(orderId, (order) =>
      quiet({
        ...order,
        steps: [],
        packages: order.packages.map((parcel) => ({
          ...parcel,
          state: 'shipped',
          shippedAt: AT,
          shippedSentAt: AT,
          confirmedAt: null,
        })),
      }),
    );
    expect(await load(orderId)).toEqual(second.order);
    expect(second.order).toMatchObject({ steps: [], packages: [{ state: 'shipped' }, { state: 'shipped' }] });
  });

  test('a time that is not changed keeps its microseconds, and a flag its host’s way of saying no', async () => {
    const orderId = await host.order(accountId, { update_shipping: 2 });
    await host.sql(
      "update order_lazada set shipped_at = '2026-03-01 00:00:00.123456+00', update_delivered = null where order_id = $1",
      [orderId],
    );
    await change(orderId, (order, now) => quiet({ ...order, itemsReadAt: now, toolStatus: 'x' }));
    const [row] = await host.sql(
      `select shipped_at::text as at, update_delivered, update_shipping from order_lazada join orders on id = order_id where id = $1`,
      [orderId],
    );
    expect(row).toEqual({ at: expect.stringContaining('00.123456'), update_delivered: null, update_shipping: 2 });
  });

  test('a time that no clock shows is kept as the host wrote it, and holds its order alone', async () => {
    const { orderId } = await readyOrder();
    await host.sql("update order_lazada set update_delivered = 1, delivered_at = 'infinity' where order_id = $1", [
      orderId,
    ]);
    const { plan } = await change(orderId, (order, now) => quiet({ ...order, itemsReadAt: now }));
    expect(plan.held.map(({ reason }) => reason)).toContain('out_of_order');
    const [{ at, hold } = {}] = await host.sql<{ at: string; hold: string }>(
      'select delivered_at::text as at, hold_reason as hold from order_lazada where order_id = $1',
      [orderId],
    );
    expect({ at, hold }).toEqual({ at: 'infinity', hold: 'out_of_order' });
  });

  test('what an answer held that PostgreSQL does not store is left out', async () => {
    const orderId = await host.order(accountId);
    const dirty = 'half \ud83d a letter, a \0 byte';
    await change(orderId, (order, now) => ({
      order: { ...order, steps: [aRow({ step: 'look', dueAt: now, error: dirty })] },
      events: [{ kind: 'blocked', data: { reason: dirty } }],
    }));
    const clean = 'half \ufffd a letter, a  byte';
    expect((await load(orderId)).steps[0]?.error).toBe(clean);
    expect((await eventsOf(orderId))[0]?.data).toEqual({ reason: clean });
  });

  test('documents come with their bytes and get their ids', async () => {
    const { orderId } = await readyOrder();
    const document: NewDocument = {
      docType: 'invoice',
      part: 1,
      revision: 1,
      orderItemIds: ['1'],
      source: Buffer.from('<html>'),
      sourceMime: 'text/html',
      pdf: Buffer.from('%PDF-1.7'),
      path: 'SG/2026/03/INV.pdf',
      recheckAt: null,
    };
    const { order } = await change(orderId, (fresh) => ({ ...quiet(fresh), newDocuments: [document] }));
    const [facts] = order.documents;
    expect(facts).toMatchObject({
      part: 1,
      orderItemIds: ['1'],
      hasPdf: true,
      path: 'SG/2026/03/INV.pdf',
      uploadedAt: null,
    });
    expect(await load(orderId)).toEqual(order);
    const documentId = facts?.documentId ?? '';
    expect(await host.db.documents.file(documentId)).toMatchObject({ orderId, pdf: document.pdf, path: document.path });
    expect(await host.db.documents.orderOf(documentId)).toBe(orderId);
    expect(await host.db.documents.sizes(orderId)).toEqual(new Map([[documentId, 8]]));

    const uploaded = order.documents.map((one) => ({ ...one, path: 'SG/2026/03/INV_R2.pdf', uploadedAt: AT }));
    await change(orderId, (fresh) => quiet({ ...fresh, documents: uploaded }));
    expect((await load(orderId)).documents).toEqual(uploaded);
    expect((await host.db.documents.file(documentId))?.pdf).toEqual(document.pdf);
  });

  test('the summary is what the plan says of what is written now', async () => {
    const order = await readyOrder();
    expect(order.summary).toMatchObject({ status: 'ready_to_ship', invoiceStatus: 'waiting' });
    expect(await stored(order.orderId)).toMatchObject({ status: 'ready_to_ship', invoice_status: 'waiting' });
  });

  test('what follows by the rules is written with it: a flag that is done goes back, its instruction stands', async () => {
    const { orderId } = await readyOrder();
    await host.sql(
      "update order_lazada set update_delivered = 1, delivered_at = '2026-03-02T05:00:00Z' where order_id = $1",
      [orderId],
    );
    const { order } = await change(orderId, (fresh, now) =>
      quiet({
        ...fresh,
        packages: fresh.packages.map((parcel) => ({
          ...parcel,
          state: 'delivered',
          deliveredAt: AT,
          deliveredSentAt: now,
        })),
      }),
    );
    expect(order.delivered).toEqual({ flag: false, at: new Date('2026-03-02T05:00:00Z'), sentAt: expect.any(Date) });
    expect(await stored(orderId)).toMatchObject({ update_delivered: 0, status: 'delivered' });
    expect((await eventsOf(orderId)).map(({ kind }) => kind)).toEqual(['flag_set']);
  });
});

describe('when to look again', () => {
  const nextOf = async (orderId: string) => (await stored(orderId)).next_attempt_at;

  test('something is owed: in 30 s, so that a crash heals', async () => {
    const { orderId } = await readyOrder();
    const { plan, now } = await change(orderId, quiet);
    expect(plan.owed.map(({ step }) => step)).toContain('shipped');
    expect(await nextOf(orderId)).toEqual(new Date(now.getTime() + 30_000));
  });

  test('a door hands nothing on: what it made owed is due at once', async () => {
    const { orderId } = await readyOrder();
    const changed = await host.db.externalChanges.change(orderId, quiet);
    expect(changed).toMatchObject({
      plan: { owed: expect.arrayContaining([expect.objectContaining({ step: 'shipped' })]) },
    });
    expect((await host.db.claims.take()).map((claim) => claim.orderId)).toContain(orderId);
  });

  test('nothing is owed: at the plan’s next time, and settling is not owed either', async () => {
    const { orderId } = await readyOrder();
    const { plan } = await change(orderId, (order, now) => {
      const packages = order.packages.map((one) => ({
        ...one,
        state: 'delivered' as const,
        shippedSentAt: now,
        deliveredSentAt: now,
      }));
      return quiet({
        ...order,
        packages,
        steps: [aRow({ step: 'invoice_fetch', dueAt: new Date(now.getTime() + 3_600_000), since: now })],
      });
    });
    expect(plan.owed).toEqual([]);
    expect(plan.nextAt).not.toBeNull();
    expect(await nextOf(orderId)).toEqual(plan.nextAt);
  });

  test('an order of a parked account keeps the time as if it were active', async () => {
    const parked = await host.account();
    const orderId = await host.order(parked, { update_shipping: 1, tool_status: 'ready_for_delivery' });
    await host.db.accounts.park(parked, { status: 'auth_failed', reason: 'wrong password' });
    const { plan } = await change(orderId, quiet);
    expect(plan.owed).toEqual([]);
    expect(await nextOf(orderId)).toEqual(plan.nextAt);
  });

  test('a rule with nothing to write leaves what is owed to whoever has its lease', async () => {
    const { orderId } = await readyOrder();
    await host.sql("update order_lazada set next_attempt_at = '2026-03-02T04:00:00.123456Z' where order_id = $1", [
      orderId,
    ]);
    const { plan } = await change(orderId, () => null);
    expect(plan.owed.length).toBeGreaterThan(0);
    expect(await nextOf(orderId)).toEqual(AT);
  });

  test('a rule with nothing to write, and nothing owed: the time is the plan’s', async () => {
    const orderId = await host.order(accountId);
    await host.sql('update order_lazada set next_attempt_at = now() where order_id = $1', [orderId]);
    const { plan } = await change(orderId, () => null);
    expect(plan).toMatchObject({ owed: [], nextAt: null });
    expect(await nextOf(orderId)).toBeNull();
  });

  test('a scheduler that sleeps longer hears of an earlier look, and not of each later one', async () => {
    const orderIds = await Promise.all(Array.from({ length: 3 }, () => host.order(accountId)));
    const sleeper = host.another();
    const listener = await hostClient(host.url);
    let heard = 0;
    listener.on('notification', () => heard++);
    await listener.query('listen sof_due');
    const waitFor = (orderId: string, minutes: number) =>
      sleeper.orders.change(orderId, (order, now) =>
        quiet({
          ...order,
          items: [anItem()],
          itemsReadAt: now,
          packages: [aPackage({ id: '', state: 'delivered', confirmedAt: now })],
          steps: [aRow({ step: 'invoice_fetch', dueAt: new Date(now.getTime() + minutes * 60_000), since: now })],
        }),
      );
    const hearsAfter = async (work: Promise<unknown>) => {
      heard = 0;
      await work;
      await listener.query('select 1');
      return heard;
    };
    const [a = '', b = '', c = ''] = orderIds;
    expect(await hearsAfter(waitFor(a, 20))).toBe(1);
    expect(await hearsAfter(waitFor(b, 30))).toBe(0);
    expect(await hearsAfter(waitFor(c, 10))).toBe(1);
    await listener.end();
  });
});

describe('many at once', () => {
  const write: Decide = (order, now) => ({
    order: {
      ...order,
      items: [anItem()],
      itemsReadAt: now,
      packages:
        order.packages.length > 0
          ? order.packages.map((parcel) => ({ ...parcel, state: 'shipped', shippedSentAt: now }))
          : [aPackage({ id: '' })],
      steps: order.steps.length > 0 ? [] : [aRow({ step: 'look', dueAt: now })],
    },
    events: [{ kind: 'ready_to_ship', packageId: 'FP1' }],
  });

  test('200 orders are changed by a bounded number of statements', async () => {
    const ids = await Promise.all(Array.from({ length: 200 }, () => host.order(accountId)));
    const changeAll = () => Promise.all(ids.map((orderId) => host.db.orders.change(orderId, write)));
    // The second time with updates and deletes beside the inserts.
    for (const round of [1, 2]) {
      const count = await statementsOf(async () => {
        const answers = await changeAll();
        expect(answers.every((answer) => typeof answer === 'object')).toBe(true);
      });
      // A package that turns out to be of a day that is over touches that day's index and manifest, which is one more each.
      const most = round === 1 ? 17 : 15;
      expect({ round, few: count <= most }).toEqual({ round, few: true });
    }
    const [{ events } = { events: '' }] = await host.sql<{ events: string }>(
      'select count(*) as events from order_lazada_event where order_id = any ($1::bigint[])',
      [ids],
    );
    expect(events).toBe('400');
  });

  test('a rule that throws fails its own caller alone', async () => {
    const [good, bad] = [await host.order(accountId), await host.order(accountId)];
    const answers = await Promise.allSettled([
      host.db.orders.change(good, write),
      host.db.orders.change(bad, () => {
        throw new Error('this order is strange');
      }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect((await load(good)).packages).toHaveLength(1);
  });

  test('an order that the database refuses fails alone', async () => {
    const [good, bad] = [await host.order(accountId), await host.order(accountId)];
    const answers = await Promise.allSettled([
      host.db.orders.change(good, write),
      host.db.orders.change(bad, (order) =>
        quiet({ ...order, packages: [aPackage({ id: '', state: 'nowhere' as 'packed' })] }),
      ),
    ]);
    expect(answers).toMatchObject([
      { status: 'fulfilled' },
      { status: 'rejected', reason: { constraint: 'order_lazada_package_state_check' } },
    ]);
    expect([(await load(good)).packages.length, (await load(bad)).packages.length]).toEqual([1, 0]);
  });

  test('two rules for one order come one after the other, the second sees what the first left', async () => {
    const orderId = await host.order(accountId);
    const add =
      (packageId: string): Decide =>
      (order) =>
        quiet({ ...order, packages: [...order.packages, aPackage({ id: '', packageId })] });
    await Promise.all([change(orderId, add('FP1')), change(orderId, add('FP2'))]);
    expect((await load(orderId)).packages.map(({ packageId }) => packageId)).toEqual(['FP1', 'FP2']);
  });

  test('an order that somebody else holds is busy, its neighbours are not', async () => {
    const [held, free] = [await host.order(accountId), await host.order(accountId)];
    const other = await hostClient(host.url);
    await other.query('begin');
    await other.query('select from orders where id = $1 for update', [held]);
    const answers = await Promise.all([held, free].map((orderId) => host.db.orders.change(orderId, write)));
    expect(answers.map((answer) => (typeof answer === 'object' ? 'changed' : answer))).toEqual(['busy', 'changed']);
    expect(await host.db.orders.change(held, write)).toBe('busy');
    await other.query('commit');
    expect(await host.db.orders.change(held, write)).toBeInstanceOf(Object);
    await other.end();
  });

  test('a single order is waited for briefly by whoever comes from outside', async () => {
    const orderId = await host.order(accountId);
    const other = await hostClient(host.url);
    await other.query('begin');
    await other.query('select from order_lazada where order_id = $1 for update', [orderId]);
    const changing = host.db.externalChanges.change(orderId, write);
    await untilSomebodyWaits(orderId);
    await other.query('commit');
    expect(await changing).toBeInstanceOf(Object);
    await other.end();
  });

  test('rows of items that the host holds delay their own order alone, and nobody waits for them', async () => {
    const [held, ...others] = await Promise.all(Array.from({ length: 50 }, () => host.order(accountId)));
    for (const orderId of [held, ...others])
      await host.sql("insert into order_items (order_id, order_item_id) values ($1, '1')", [orderId]);
    const numbered: Decide = (order) => ({
      ...quiet({ ...order, toolStatus: 'numbered' }),
      itemTracking: [{ orderItemId: '1', trackingNumber: 'TN1' }],
    });
    const other = await hostClient(host.url);
    await other.query('begin');
    await other.query('select from order_items where order_id = $1 for update', [held]);
    const count = await statementsOf(async () => {
      const answers = await Promise.all([held ?? '', ...others].map((id) => host.db.orders.change(id, numbered)));
      expect(answers.filter((answer) => answer === 'busy')).toHaveLength(1);
      expect(answers[0]).toBe('busy');
    });
    expect(count).toBeLessThan(60); // one by one they would be hundreds
    expect((await load(held ?? '')).toolStatus).not.toBe('numbered');
    await other.query('commit');
    expect(await host.db.orders.change(held ?? '', numbered)).toBeInstanceOf(Object);
    expect(await host.sql('select tracking_number from order_items where order_id = $1', [held])).toEqual([
      { tracking_number: 'TN1' },
    ]);
    await other.end();
  });

  test('orders that meet a table which the host has locked hold up no other', async () => {
    const asked = await Promise.all(Array.from({ length: 20 }, () => host.order(accountId, READY)));
    const other = await host.order(accountId);
    const client = await hostClient(host.url);
    const answered: string[] = [];
    const noted = async (name: string, answer: Promise<unknown>) => {
      const is = await answer;
      answered.push(`${name} ${typeof is === 'object' ? 'changed' : is}`);
    };
    try {
      // As an index that the host builds does.
      await client.query('begin; lock table public.orders in share mode');
      const changes = asked.map((orderId) =>
        noted(
          'one that writes there',
          host.db.orders.change(orderId, (order) => quiet({ ...order, updateShipping: false })),
        ),
      );
      await new Promise(setImmediate); // these are a piece of work of their own
      changes.push(
        noted(
          'other',
          host.db.orders.change(other, (order) => quiet({ ...order, carrier: 'own' })),
        ),
      );
      await Promise.all(changes);
    } finally {
      await client.end();
    }
    expect(answered.indexOf('other changed')).toBeLessThan(5);
    expect(answered.filter((answer) => answer === 'one that writes there busy')).toHaveLength(20);
  });

  test('whoever loads is told of a table that the host has locked', async () => {
    const orderIds = [await host.order(accountId), await host.order(accountId)];
    const client = await hostClient(host.url);
    try {
      await client.query('begin; lock table public.orders in access exclusive mode');
      const loads = await Promise.allSettled(orderIds.map((orderId) => host.db.orders.load(orderId)));
      expect(loads).toMatchObject([{ reason: { code: '55P03' } }, { reason: { code: '55P03' } }]);
    } finally {
      await client.end();
    }
  });

  test('an order that the host deleted is gone', async () => {
    const orderId = await host.order(accountId);
    await host.sql('delete from orders where id = $1', [orderId]);
    expect(await host.db.orders.change(orderId, write)).toBe('gone');
  });

  test('where the database is away everybody hears it', async () => {
    const { orderId } = await readyOrder();
    const away = host.another({ url: 'postgres://nobody@127.0.0.1:1/nowhere' });
    await expect(away.orders.change(orderId, write)).rejects.toThrow('ECONNREFUSED');
    await expect(away.orders.load(orderId)).rejects.toThrow('ECONNREFUSED');
    expect(await away.ping()).toBe(false);
  });

  async function untilSomebodyWaits(orderId: string): Promise<void> {
    const waiting = () =>
      host.sql("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'");
    for (let looks = 0; (await waiting()).length === 0; looks++)
      if (looks > 1_000) throw new Error(`nobody waits for ${orderId}`);
  }
});

describe('an acceptance noted while the host holds the rows', () => {
  const outcome = { outcome: 'accepted', httpStatus: 202, answer: null, requestId: null } as const;
  const begun = async () => {
    const order = await readyOrder();
    const changed = await change(order.orderId, (fresh) =>
      quiet({
        ...fresh,
        attempts: [
          anAttempt({ attemptId: '', packageRowId: fresh.packages[0]?.id ?? '', status: 'shipped', startedAt: AT }),
        ],
      }),
    );
    return { orderId: order.orderId, attemptId: changed.order.attempts[0]?.attemptId ?? '' };
  };

  test('waits for nobody, and is taken over by whoever changes the order next', async () => {
    const { orderId, attemptId } = await begun();
    const other = await hostClient(host.url);
    await other.query('begin');
    await other.query('select from orders o, order_lazada l where o.id = $1 and l.order_id = $1 for update', [orderId]);
    await host.db.orders.noteAccepted(attemptId, outcome);
    expect((await load(orderId)).attempts).toMatchObject([{ outcome: 'accepted', httpStatus: 202 }]);
    await other.query('commit');
    await other.end();
    const { order } = await change(orderId, quiet);
    expect(order.packages).toMatchObject([{ state: 'shipped', shippedSentAt: expect.any(Date) }]);
    expect((await eventsOf(orderId)).map(({ kind }) => kind)).toContain('status_accepted');
  });

  test('is nothing where the status was sent again since', async () => {
    const { orderId, attemptId } = await begun();
    await change(orderId, (order) =>
      quiet({ ...order, attempts: order.attempts.map((one) => ({ ...one, outcome: 'void' as const })) }),
    );
    await change(orderId, (order) =>
      quiet({
        ...order,
        attempts: [
          ...order.attempts,
          anAttempt({
            attemptId: '',
            packageRowId: order.packages[0]?.id ?? '',
            status: 'shipped',
            startedAt: after(60_000, AT),
          }),
        ],
      }),
    );
    await host.db.orders.noteAccepted(attemptId, outcome);
    expect((await load(orderId)).attempts.map((one) => one.outcome)).toEqual(['void', 'sending']);
  });
});

describe('attempts', () => {
  const attempt = (order: Order, now: Date): Order => ({
    ...order,
    attempts: [
      ...order.attempts,
      {
        attemptId: '',
        packageRowId: order.packages[0]?.id ?? '',
        trackingNumber: 'TN1',
        status: 'shipped',
        occurredAt: AT,
        outcome: 'sending',
        startedAt: now,
        closedAt: null,
        httpStatus: null,
        answer: null,
        requestId: null,
      },
    ],
  });
  const begin: Decide = (order, now) => ({
    order: attempt(order, now),
    events: [{ kind: 'status_sent', packageId: 'FP1', data: { status: 'shipped' } }],
  });

  test('an attempt is begun and closed', async () => {
    const { orderId } = await readyOrder();
    const begun = await change(orderId, begin);
    expect(begun.order.attempts).toMatchObject([{ attemptId: expect.stringMatching(/^\d+$/), outcome: 'sending' }]);
    const closed = await change(orderId, (order, now) =>
      quiet({
        ...order,
        attempts: order.attempts.map((one) => ({
          ...one,
          outcome: 'accepted',
          closedAt: now,
          httpStatus: 202,
          answer: '{}',
        })),
      }),
    );
    expect(await load(orderId)).toEqual(closed.order);
    expect(closed.order.attempts).toMatchObject([{ outcome: 'accepted', httpStatus: 202 }]);
  });

  test('one whose slot is taken is dropped, and nothing is told of it', async () => {
    const { orderId } = await readyOrder();
    await change(orderId, begin);
    const second = await change(orderId, begin);
    expect(second.order.attempts).toHaveLength(1);
    expect(await load(orderId)).toEqual(second.order);
    expect((await eventsOf(orderId)).filter(({ kind }) => kind === 'status_sent')).toHaveLength(1);
  });

  test('a slot that the same change frees is free', async () => {
    const { orderId } = await readyOrder();
    await change(orderId, begin);
    const { order } = await change(orderId, (fresh, now) => {
      const voided = {
        ...fresh,
        attempts: fresh.attempts.map((one) => ({ ...one, outcome: 'void' as const, closedAt: now })),
      };
      return quiet(attempt(voided, new Date(now.getTime() + 1)));
    });
    expect(order.attempts.map(({ outcome }) => outcome)).toEqual(['void', 'sending']);
  });

  test('a hundred at once get their slots in one statement', async () => {
    const orders = await Promise.all(Array.from({ length: 100 }, () => readyOrder()));
    const answers = await Promise.all(orders.map(({ orderId }) => change(orderId, begin)));
    expect(new Set(answers.flatMap(({ order }) => order.attempts.map(({ attemptId }) => attemptId))).size).toBe(100);
  });
});

describe('listing', () => {
  test('pages go from the newest to the oldest, none twice', async () => {
    const id = await host.account({ name: 'pages' });
    const ids: string[] = [];
    for (let n = 0; n < 5; n++) ids.push(await host.order(id));
    const seen: string[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await host.db.orders.list({ account: 'pages', limit: 2, ...(cursor ? { cursor } : {}) });
      seen.push(...page.items.map(({ orderId }) => orderId));
      cursor = page.nextCursor;
    } while (cursor);
    expect(seen).toEqual(ids.toReversed());
  });

  test.each<[string, object, string[]]>([
    ['by status', { status: 'shipped' }, ['shipped']],
    ['by hold', { hold: 'conflict' }, ['conflict']],
    ['by blocked step', { blocked: 'tracking' }, ['blocked']],
    ['by invoice status', { invoiceStatus: 'missing' }, ['missing']],
    ['by a parked account', { hold: 'account_blocked' }, ['parked']],
    ['a hold behind a parked account does not show', { hold: 'too_early' }, []],
  ])('%s', async (name, filter, expected) => {
    const list = `list ${name}`;
    const [id, parked] = [
      await host.account({ name: list }),
      await host.account({ name: `${list}, parked`, status: 'auth_failed' }),
    ];
    for (const [number, column, value] of [
      ['new', 'status', 'new'],
      ['shipped', 'status', 'shipped'],
      ['conflict', 'hold_reason', 'conflict'],
      ['blocked', 'blocked_step', 'tracking'],
      ['missing', 'invoice_status', 'missing'],
    ] as const) {
      const orderId = await host.order(id, { order_number: number });
      await host.sql(`update order_lazada set ${column} = $2 where order_id = $1`, [orderId, value]);
    }
    const late = await host.order(parked, { order_number: 'parked' });
    await host.sql("update order_lazada set hold_reason = 'too_early' where order_id = $1", [late]);
    const { items } = await host.db.orders.list({ limit: 100, ...filter });
    expect(items.filter(({ account }) => account.startsWith(list)).map(({ orderNumber }) => orderNumber)).toEqual(
      expected,
    );
  });
});
