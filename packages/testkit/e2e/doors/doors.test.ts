/**
 * Whatever is said of an order, in whatever situation it is: the row, the steps, the timeline and the refusals never depend
 * on the door by which it was said.
 */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openProducer, type Producer } from '@lazada-sof/queue';
import fc from 'fast-check';
import { describeOnRedis } from '../../src/servers/suites.ts';
import { openStage, type Stage } from '../stage.ts';
import { BACK, carrierDoor } from './carrier-door.ts';
import type { Door, Update } from './door.ts';
import { type Doors, hostDoor, openDoors } from './doors.ts';
import {
  EARLIER,
  hostColumnsOf,
  LATER,
  placeOrder,
  SITUATIONS,
  storedOf,
  withoutAnswers,
  withoutCarriersWords,
  withoutLook,
} from './parcels.ts';
import { openPushDoor } from './push-door.ts';

const SHOP = 'demo-sg';
/** Of each run: the first, and one that differs in a single field, so that contradictions and corrections are common. */
const time = fc.constantFrom(undefined, EARLIER, LATER, '2026-03-02T12:00:00+07:00');
const parcel = fc.constantFrom(undefined, undefined, 'FP1', 'FP2', 'FP9');

const OFTEN_NONE = [undefined, undefined, undefined, undefined] as const;

const update: fc.Arbitrary<Update> = fc
  .record({
    status: fc.constantFrom(
      'ready_to_ship',
      'shipped',
      'delivered',
      'delivered',
      'not_delivered',
      'withdraw',
      'release',
      undefined,
    ),
    occurredAt: time,
    packageId: parcel,
    trackingNumber: fc.constantFrom(...OFTEN_NONE, 'TN-FP1', 'TN-FP2'),
    carrier: fc.constantFrom(...OFTEN_NONE, 'dhl', 'DHL'),
    carrierTrackingNumber: fc.constantFrom(...OFTEN_NONE, 'D1', 'JJD 0003', '340434292135100186'),
    reason: fc.constantFrom(...OFTEN_NONE, 'nobody at home'),
  })
  .map(withoutUndefined);

function withoutUndefined(fields: Record<string, string | undefined>): Update {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

/** A carrier is asked no more once somebody has said how it ended, or that another has it. */
const leavesItsEndOpen = ({ status, carrier, carrierTrackingNumber }: Update): boolean =>
  (status === 'ready_to_ship' || status === 'shipped') && carrier === undefined && carrierTrackingNumber === undefined;

/** A saying, and which of the doors that can say it says it in the mixed run. */
const saying = fc.record({ update, pick: fc.nat() });
const story = fc.record({
  situation: fc.constantFrom(...Object.keys(SITUATIONS)),
  sayings: fc.array(saying, { minLength: 1, maxLength: 5 }),
});
type Story = typeof story extends fc.Arbitrary<infer Value> ? Value : never;

await describeOnRedis('all doors', () => {
  let stage: Stage;
  let doors: Doors;
  let producer: Producer;
  const begun = new Date();
  beforeAll(async () => {
    stage = await openStage({ queue: 'redis', services: ['simulator', 'api', 'order-update', 'carrier-poll'] });
    await stage.addAccount(SHOP);
    // On a busy machine two calls may come closer together than they left.
    await stage.lazada.post('/control/dhl/rules', { perSecond: 10 });
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    producer = await openProducer({ url, prefix });
    doors = await openDoors(stage);
  }, 60_000);
  afterAll(async () => {
    await doors?.close();
    await producer?.close();
    await stage?.close();
  }, 60_000);

  type DoorOf = (of: Story['sayings'][number]) => Door;

  async function told({ situation, sayings }: Story, doorOf: DoorOf, prepare?: Doors['settle']) {
    const orderNumber = await placeOrder(stage, SHOP, SITUATIONS[situation] ?? []);
    await prepare?.(orderNumber);
    const taken: boolean[] = [];
    for (const one of sayings) taken.push(await doorOf(one).say({ account: SHOP, orderNumber }, one.update));
    return { taken, stored: await storedOf(stage, orderNumber, begun) };
  }

  function mixed({ update, pick }: Story['sayings'][number]): Door {
    const able = [doors.http, doors.queue, doors.cli].filter((door) => door.can(update));
    return able[pick % able.length] ?? doors.http;
  }

  test('come to the same', async () => {
    let taken = 0;
    let refused = 0;
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const byHttp = await told(one, () => doors.http);
        expect(await told(one, () => doors.queue)).toEqual(byHttp);
        expect(await told(one, mixed)).toEqual(byHttp);
        taken += byHttp.taken.filter(Boolean).length;
        refused += byHttp.taken.filter((is) => !is).length;
      }),
      { numRuns: 40 },
    );
    // Else it would compare nothing.
    expect(Math.min(taken, refused)).toBeGreaterThan(10);
  }, 300_000);

  test('and what a file says comes to the same once its order is taken up', async () => {
    let said = 0;
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        const byFile: DoorOf = ({ update }) => (doors.file.can(update) ? doors.file : doors.http);
        const asSaid = async (doorOf: DoorOf) => {
          const { taken, stored } = await told(one, doorOf, doors.settle);
          return { taken, stored: withoutAnswers(stored) };
        };
        expect(await asSaid(byFile)).toEqual(await asSaid(() => doors.http));
        said += one.sayings.filter(({ update }) => doors.file.can(update)).length;
      }),
      { numRuns: 20 },
    );
    expect(said).toBeGreaterThan(20);
  }, 300_000);

  test('and what a carrier says of its parcel comes to the same as a person’s word with its time', async () => {
    const carrier = carrierDoor(stage, producer);
    const word = fc.record({
      situation: fc.constantFrom('one package, with DHL', 'two packages, one of them with DHL'),
      before: fc.array(update.filter(leavesItsEndOpen), { maxLength: 2 }),
      status: fc.constantFrom('delivered', 'not_delivered'),
      occurredAt: fc.constantFrom(LATER, '2026-03-04T15:09:26+08:00'),
    });
    await fc.assert(
      fc.asyncProperty(word, async ({ situation, before, status, occurredAt }) => {
        const end = { status, occurredAt, packageId: 'FP1', ...(status === 'not_delivered' && { reason: BACK }) };
        const sayings = [...before, end].map((one) => ({ update: one, pick: 0 }));
        const asSaid = async (door: Door) => {
          const doorOf: DoorOf = ({ update }) => (update === end ? door : doors.http);
          const { taken, stored } = await told({ situation, sayings }, doorOf, doors.settle);
          return { taken, stored: withoutCarriersWords(stored) };
        };
        expect(await asSaid(carrier)).toEqual(await asSaid(doors.http));
      }),
      { numRuns: 8 },
    );
  }, 300_000);

  test('and what Lazada pushes in between changes nothing but when the order is looked at', async () => {
    const push = await openPushDoor(stage);
    const pushing = (door: Door): Door => ({
      ...door,
      async say(target, update) {
        await push(target);
        const isTaken = await door.say(target, update);
        await push(target);
        return isTaken;
      },
    });
    const unlooked = async (one: Story, door: Door) => {
      const { taken, stored } = await told(one, () => door, doors.settle);
      return { taken, stored: withoutLook(stored) };
    };
    await fc.assert(
      fc.asyncProperty(story, async (one) => {
        expect(await unlooked(one, pushing(doors.http))).toEqual(await unlooked(one, doors.http));
      }),
      { numRuns: 15 },
    );
  }, 300_000);

  test('and what the host says in SQL comes to the same as what is said over HTTP', async () => {
    const host = hostDoor(stage);
    const ofWholeOrders = fc.array(update.filter(host.can), { minLength: 1, maxLength: 5 });
    await fc.assert(
      fc.asyncProperty(ofWholeOrders, async (updates) => {
        const columns = async (door: Door) => {
          const orderNumber = await placeOrder(stage, SHOP, []);
          for (const one of updates) await door.say({ account: SHOP, orderNumber }, one);
          return hostColumnsOf(stage, orderNumber, begun);
        };
        expect(await columns(host)).toEqual(await columns(doors.http));
      }),
      { numRuns: 40 },
    );
  }, 300_000);
});
