import { describe, expect, test } from '@jest/globals';
import {
  type Account,
  type Changed,
  commit,
  Failure,
  type Order,
  type Orders,
  quiet,
  recordReady,
} from '@lazada-sof/orders';
import { after, anAccount, anItem, anOrder, aPackage, aRow, T0 } from '@lazada-sof/orders/fixture';
import type { JobRequest } from '../contract.ts';
import type { Producer } from '../producer.ts';
import { orderJob, type Perform } from './order-job.ts';

const NOW = after(3_600_000);
const LEASE = after(30_000, NOW);

/** One order in memory, changed the way the database does it. */
class Memory implements Orders {
  order: Order | null;
  busy = 0;
  constructor(order: Order | null) {
    this.order = order;
  }
  park(fields: Partial<Account>): void {
    if (this.order) this.order = { ...this.order, account: { ...this.order.account, ...fields } };
  }
  async load() {
    return this.order && { order: this.order, now: NOW };
  }
  async noteAccepted() {
    throw new Error('nobody reports here');
  }
  async change(_orderId: string, decide: Parameters<Orders['change']>[1]): Promise<Changed | 'busy' | 'gone'> {
    if (!this.order) return 'gone';
    if (this.busy-- > 0) return 'busy';
    const committed = commit(this.order, decide(this.order, NOW), { now: NOW, leaseMs: 30_000 });
    this.order = committed.order;
    return { ...committed, now: NOW };
  }
}

function rig(order: Order | null, perform: Perform) {
  const orders = new Memory(order);
  const parked: string[] = [];
  const woken: JobRequest[] = [];
  const places: Parameters<Producer['add']>[1][] = [];
  const job = orderJob({
    queue: 'status-sync',
    orders,
    accounts: {
      async park(accountId, { status, reason }) {
        parked.push(`${accountId} ${status}`);
        orders.park({ status, statusReason: reason });
      },
    },
    producer: {
      async add(jobs, place) {
        woken.push(...jobs);
        places.push(...jobs.map(() => place));
      },
    },
    perform,
    random: () => 0.5,
  });
  const run = ({ force = false } = {}) => job({ orderId: '5', force, signal: new AbortController().signal });
  return { orders, parked, woken, places, run };
}

const toShip = () =>
  anOrder({
    updateShipping: true,
    toolStatus: 'ready_for_delivery',
    items: [anItem({ status: 'packed' })],
    itemsReadAt: NOW,
    packages: [aPackage({ state: 'packed', trackingNumber: null })],
  });
const makeReady: Perform = async (step, { change }) => {
  if (step.step === 'ready_to_ship') await change((order, now) => recordReady(order, 'FP1', now));
  else await change(quiet);
};
const failWith =
  (failure: Failure): Perform =>
  async () => {
    throw failure;
  };
const failure = (kind: Failure['kind'], fields = {}) => new Failure(kind, 'Lazada said no', { code: 'no', ...fields });
const row = (orders: Memory) => orders.order?.steps.find(({ step }) => step === 'ready_to_ship');

describe('a job of an order', () => {
  test('done: does what is owed, and wakes the workers of what is owed since', async () => {
    const { run, woken } = rig(toShip(), makeReady);
    await expect(run()).resolves.toBe('done');
    expect(woken.map(({ name }) => name).toSorted()).toEqual(['fetch-invoice', 'fetch-tracking']);
  });

  test('what it wakes stands behind what the scheduler puts first', async () => {
    const { run, places } = rig(toShip(), makeReady);
    await run();
    expect(places).toEqual(['behind', 'behind']);
  });

  test('already done: superseded', async () => {
    await expect(rig(anOrder(), makeReady).run()).resolves.toBe('superseded');
  });

  test('run twice: the second is superseded', async () => {
    const { run } = rig(toShip(), makeReady);
    await run();
    await expect(run()).resolves.toBe('superseded');
  });

  test('deleted by the host: superseded', async () => {
    await expect(rig(null, makeReady).run()).resolves.toBe('superseded');
  });

  test('transient: the try is counted, and the same job comes again when the step is due', async () => {
    const { run, orders } = rig(toShip(), failWith(failure('transient')));
    expect(await run()).toMatchObject({ outcome: 'retried', delayMs: 500 });
    expect(row(orders)).toMatchObject({ tries: 1, errorCode: 'no', dueAt: after(500, NOW) });
  });

  test('the ninth try fails the job for good, the step waits for its late rung', async () => {
    const order = { ...toShip(), steps: [aRow({ step: 'ready_to_ship', tries: 8 })] };
    const { run, orders } = rig(order, failWith(failure('transient')));
    expect(await run()).toMatchObject({ outcome: 'failed', reason: 'demo-sg/4001: Lazada said no' });
    expect(row(orders)).toMatchObject({ tries: 9, blocked: false, dueAt: after(15 * 60_000, NOW) });
  });

  test('rejected: the step is blocked and the job fails, named by order and reason', async () => {
    const { run, orders } = rig(toShip(), failWith(failure('rejected')));
    expect(await run()).toMatchObject({ outcome: 'failed', reason: 'demo-sg/4001: Lazada said no' });
    expect(row(orders)).toMatchObject({ blocked: true });
  });

  test('not ready: the step waits without a try, the job is done', async () => {
    const { run, orders } = rig(toShip(), failWith(failure('not-ready', { schedule: 'tracking' })));
    await expect(run()).resolves.toBe('done');
    expect(row(orders)).toMatchObject({ tries: 0, dueAt: after(30_000, NOW) });
  });

  test('a number that SOF does not know yet is given its six hours, however long something else was waited for', async () => {
    const seven = after(-7 * 3_600_000, NOW);
    const waited = aRow({ step: 'ready_to_ship', since: seven, errorCode: 'ready_to_ship_pending' });
    const unknown = failure('not-ready', { code: 'package_unknown', schedule: 'unknown-package' });
    const { run, orders } = rig({ ...toShip(), steps: [waited] }, failWith(unknown));
    await expect(run()).resolves.toBe('done');
    expect(row(orders)).toMatchObject({ blocked: false, since: NOW, dueAt: after(30_000, NOW) });
  });

  test('rate-limited: waits as long as was asked, without a try', async () => {
    const { run, orders } = rig(toShip(), failWith(failure('rate-limited', { waitMs: 61_000 })));
    await expect(run()).resolves.toBe('done');
    expect(row(orders)).toMatchObject({ tries: 0, dueAt: after(61_000, NOW) });
  });

  test('misconfigured: the account is parked, the order keeps no trace of it', async () => {
    const { run, orders, parked } = rig(
      toShip(),
      failWith(failure('misconfigured', { accountStatus: 'reauth_required' })),
    );
    await expect(run()).resolves.toBe('done');
    expect(parked).toEqual(['1 reauth_required']);
    expect(row(orders)).toBeUndefined();
  });

  test('of a parked account: lets go of the lease, so that it goes on as soon as the account is mended', async () => {
    const parked = { ...toShip(), account: anAccount({ status: 'auth_failed' }), nextAttemptAt: LEASE };
    const { run, orders } = rig(parked, makeReady);
    await expect(run()).resolves.toBe('superseded');
    expect(orders.order?.nextAttemptAt).toEqual(NOW);
  });

  test('that parks its account: nothing else of it is tried, and the lease is let go of', async () => {
    const refused = failure('misconfigured');
    const { run, orders, parked } = rig({ ...toShip(), nextAttemptAt: LEASE }, async (_step, { change }) => {
      await change(quiet);
      throw refused;
    });
    await expect(run()).resolves.toBe('done');
    expect([parked, orders.order?.nextAttemptAt]).toEqual([['1 auth_failed'], NOW]);
  });

  test('one step that fails does not stop another', async () => {
    const order = {
      ...toShip(),
      updateShipping: false,
      delivered: { flag: true, at: T0, sentAt: null },
      packages: [
        aPackage({ state: 'shipped' }),
        aPackage({ id: '12', packageId: 'FP2', trackingNumber: 'TN2', state: 'shipped' }),
      ],
    };
    const tried: string[] = [];
    const { run } = rig(order, async (step) => {
      tried.push(`${step.step} ${step.ref}`);
      if (step.ref === '11') throw failure('rejected');
    });
    expect(await run()).toMatchObject({ outcome: 'failed' });
    expect(tried).toContain('delivered 12');
  });

  test('force tries a blocked step', async () => {
    const order = { ...toShip(), steps: [aRow({ step: 'ready_to_ship', blocked: true })] };
    const { run, orders } = rig(order, makeReady);
    await expect(run()).resolves.toBe('done'); // it settles what the row says
    await expect(run()).resolves.toBe('superseded');
    await expect(run({ force: true })).resolves.toBe('done');
    expect(orders.order?.packages).toMatchObject([{ state: 'ready_to_ship' }]);
  });

  test('what fails outside a step is named by the order too', async () => {
    const { run, orders } = rig(toShip(), makeReady);
    orders.change = () => Promise.reject(new Error('the connection was lost'));
    await expect(run()).rejects.toThrow('demo-sg/4001: the connection was lost');
  });

  test('an order that somebody else is writing is waited for', async () => {
    const { run, orders } = rig(toShip(), makeReady);
    orders.busy = 2;
    await expect(run()).resolves.toBe('done');
  });

  test('and snoozed where that takes long, which uses up no try', async () => {
    const { run, orders } = rig(toShip(), makeReady);
    orders.busy = 99;
    expect(await run()).toMatchObject({ outcome: 'snoozed', delayMs: 1_000 });
  });
});
