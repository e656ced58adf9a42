/** Whatever the host, the network and our own deaths do, in whatever order: no status is doubled, skipped or lost. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { DAY, SECOND } from '../model/schedules.ts';
import { plan } from './plan.ts';
import { type Accepted, FATES, World } from './world.fixture.ts';

type Command = (world: World) => void;

const end = fc.constantFrom('delivered' as const, 'not_delivered' as const);
const command: fc.Arbitrary<Command> = fc.oneof(
  fc.constant<Command>((world) => world.askToShip()),
  fc.tuple(end, fc.integer({ min: 0, max: 90 })).map(
    ([which, minutes]): Command =>
      (world) =>
        world.setFlag(which, minutes),
  ),
  end.map(
    (which): Command =>
      (world) =>
        world.takeFlagBack(which),
  ),
  fc.constant<Command>((world) => world.releaseByPerson()),
  fc.boolean().map(
    (active): Command =>
      (world) =>
        world.switchAccount(active),
  ),
  fc.constant<Command>((world) => world.beginRead()),
  fc.constant<Command>((world) => world.endRead()),
  fc.integer({ min: 1, max: 3600 }).map(
    (seconds): Command =>
      (world) =>
        world.pass(seconds * SECOND),
  ),
  {
    weight: 8,
    arbitrary: fc.tuple(fc.nat(), fc.constantFrom(...FATES), fc.integer({ min: 0, max: 15 })).map(
      ([which, fate, seconds]): Command =>
        (world) => {
          const owed = world.owed();
          const step = owed[which % Math.max(1, owed.length)];
          if (step) world.work(step, fate, seconds * SECOND);
        },
    ),
  },
);

/** Lazada shows an accepted status so many seconds late, at most; the read-back trusts that it is less than 30. */
const storyWith = (latest: number) =>
  fc.record({
    items: fc.integer({ min: 1, max: 3 }),
    visibleAfter: fc.integer({ min: 0, max: latest }).map((seconds) => seconds * SECOND),
    commands: fc.array(command, { minLength: 5, maxLength: 60 }),
  });
const story = storyWith(29);

/**
 * Everything goes well from here on. Nobody asks the plan: what is due by the order's own time is claimed and done, and
 * where nothing is, time passes to the next look that was written.
 */
function runToRest(world: World): void {
  world.switchAccount(true);
  const until = world.now.getTime() + 20 * DAY;
  for (let rounds = 0; rounds < 2_000; rounds++) {
    const [step] = world.claim();
    const { nextAttemptAt } = world.order;
    if (step) world.work(step, 'ok', 0);
    else if (nextAttemptAt && nextAttemptAt.getTime() < until)
      world.pass(nextAttemptAt.getTime() - world.now.getTime());
    else return;
  }
  throw new Error(`never comes to rest: ${JSON.stringify(plan(world.order, world.now))}`);
}

const ofPackage = (accepted: readonly Accepted[]) => [...Map.groupBy(accepted, ({ packageId }) => packageId).values()];

function expectSound(world: World): void {
  for (const statuses of ofPackage(world.accepted).map((list) => list.map(({ status }) => status))) {
    expect(statuses[0]).toBe('shipped');
    expect(statuses.length).toBe(new Set(statuses).size);
    expect(statuses.length).toBeLessThanOrEqual(2);
  }
}

/** Nothing is owed only where nothing is asked, or where somebody can say why. */
function expectExplained(world: World): void {
  const { order, now } = world;
  const { owed, held, blocked, nextAt } = plan(order, now);
  const asked =
    order.delivered.flag ||
    order.notDelivered.flag ||
    (order.updateShipping && order.toolStatus === 'ready_for_delivery');
  const unsent = order.packages.some((parcel) => parcel.state === 'ready_to_ship');
  const explained = owed.length > 0 || held.length > 0 || blocked.length > 0 || nextAt !== null;
  if ((asked || unsent || world.hasOpenAttempt()) && order.account.status === 'active') expect(explained).toBe(true);
}

/** Nothing that is owed, now or later, is looked at later than a lease after its time. */
function expectLookedAt({ order, now }: World): void {
  const { nextAt } = plan(order, now);
  if (nextAt === null || order.account.status !== 'active') return;
  const latest = Math.max(nextAt.getTime(), now.getTime()) + 30 * SECOND;
  expect(order.nextAttemptAt?.getTime() ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(latest);
}

describe('whatever happens in whatever order', () => {
  const sound = (stories: typeof story) =>
    fc.property(stories, ({ items, visibleAfter, commands }) => {
      const world = new World({ items, visibleAfter });
      for (const run of commands) {
        run(world);
        expectSound(world);
        expectExplained(world);
        expectLookedAt(world);
      }
      runToRest(world);
      expectSound(world);
      expectExplained(world);
    });

  test('no status is accepted twice, skipped, or contradicted, and nothing waits for nobody', () => {
    fc.assert(sound(story), { numRuns: 1_500 });
  });

  test('this check would see a double: where Lazada shows a status later than the read-back, it finds one', () => {
    expect(fc.check(sound(storyWith(300)), { numRuns: 5_000 }).failed).toBe(true);
  });

  test('an order that is asked to ship and to be delivered comes to its end, whatever failed on the way', () => {
    fc.assert(
      fc.property(story, ({ items, visibleAfter, commands }) => {
        const world = new World({ items, visibleAfter });
        for (const run of commands) run(world);
        world.takeFlagBack('not_delivered');
        world.askToShip();
        world.setFlag('delivered', 120);
        runToRest(world);
        const ended = new Set(
          world.accepted.filter(({ status }) => status === 'not_delivered').map(({ packageId }) => packageId),
        );
        if (ended.size === 0 && world.order.notDelivered.sentAt === null) {
          expect(world.order.packages.map(({ state }) => state)).toEqual(
            Array.from({ length: items }, () => 'delivered'),
          );
          expect(world.order.delivered.flag).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });
});
