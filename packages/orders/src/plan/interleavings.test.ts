/** Whatever the host, the network and our own deaths do, in whatever order: no status is doubled, skipped or lost. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { T0 } from '../model/order.fixture.ts';
import { isReport } from '../model/owed.ts';
import { DAY, MINUTE, SECOND } from '../model/schedules.ts';
import { adoptAccepted } from '../records/adopt-accepted.ts';
import { readBackAt } from '../records/attempt.ts';
import { plan } from './plan.ts';
import { type Accepted, FATES, type Fate, READS, World } from './world.fixture.ts';

type Command = (world: World) => void;

/** A change is judged by the same stories as the one before it; a developer's run looks for others each time. */
const runs = (numRuns: number) => (process.env.CI ? { numRuns, seed: 20_261_127 } : { numRuns });

const end = fc.constantFrom('delivered' as const, 'not_delivered' as const);
const others: fc.Arbitrary<Command>[] = [
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
  fc.constantFrom(...READS).map(
    (reading): Command =>
      (world) => {
        world.reading = reading;
      },
  ),
  fc.boolean().map(
    (held): Command =>
      (world) =>
        world.holdRows(held),
  ),
  fc.constant<Command>((world) => world.answerReports()),
  fc.nat().map(
    (which): Command =>
      (world) =>
        world.renumber(which),
  ),
  fc.integer({ min: 1, max: 3600 }).map(
    (seconds): Command =>
      (world) =>
        world.pass(seconds * SECOND),
  ),
];

/** A step that is owed is taken up, and its call ends so; `seconds`: so long it takes; null: its answer is written later. */
type Sending = { readonly which: number; readonly fate: Fate; readonly seconds: number | null };
const sending = fc.record({
  which: fc.nat(),
  fate: fc.constantFrom(...FATES),
  seconds: fc.option(fc.integer({ min: 0, max: 15 }), { freq: 3 }),
});
const send =
  ({ which, fate, seconds }: Sending): Command =>
  (world) => {
    const owed = world.owed();
    const step = owed[which % Math.max(1, owed.length)];
    if (step && seconds === null) world.startReport(step, fate);
    else if (step) world.work(step, fate, (seconds ?? 0) * SECOND);
  };

/** The host takes the order's rows while a status is on its way, and holds them for so long. */
const sendWhileHeld = fc
  .tuple(
    sending.map((one) => ({ ...one, fate: 'ok' as const })),
    fc.integer({ min: 0, max: 120 }),
  )
  .map(
    ([{ which, fate }, seconds]): Command =>
      (world) => {
        send({ which, fate, seconds: null })(world);
        world.holdRows(true);
        world.answerReports();
        world.pass(seconds * SECOND);
        world.holdRows(false);
      },
  );

type Limits = { readonly sending: (one: Sending) => boolean; readonly dies: boolean };
const commandWithin = ({ sending: fits, dies }: Limits): fc.Arbitrary<Command> =>
  fc.oneof(...others, dies ? fc.constant<Command>((world) => world.dieAndRestart()) : sendWhileHeld, {
    weight: 9,
    arbitrary: sending.filter(fits).map(send),
  });
const ANYTHING: Limits = { sending: () => true, dies: true };
/** Every call gets a clear answer, and the process lives to write it. */
const ANSWERED: Limits = {
  sending: ({ fate }) => fate === 'ok' || fate === 'refused' || fate === 'no_connection',
  dies: false,
};

/** Lazada shows an accepted status so many seconds late, at most; the read-back trusts that it is less than 30. */
const storyWith = (latest: number, limits = ANYTHING) =>
  fc.record({
    items: fc.integer({ min: 1, max: 3 }),
    visibleAfter: fc.integer({ min: 0, max: latest }).map((seconds) => seconds * SECOND),
    commands: fc.array(commandWithin(limits), { minLength: 5, maxLength: 60 }),
  });
const story = storyWith(29);

/**
 * Everything goes well from here on. Nobody asks the plan: what is due by the order's own time is claimed and done, and
 * where nothing is, time passes to the next look that was written.
 */
function runToRest(world: World): void {
  world.switchAccount(true);
  world.calmDown();
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

/** Up to where the first status is owed. */
function getReady(world: World): void {
  world.askToShip();
  for (let step = world.owed()[0]; step && !isReport(step); step = world.owed()[0]) world.work(step, 'ok', 0);
}

/** Statuses are sent and remembered per tracking number: a package that got another one is shipped again. */
const ofNumber = (accepted: readonly Accepted[]) => [
  ...Map.groupBy(accepted, ({ trackingNumber }) => trackingNumber).values(),
];

function expectSound(world: World): void {
  for (const statuses of ofNumber(world.accepted).map((list) => list.map(({ status }) => status))) {
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

/**
 * Nothing that is owed, now or later, is looked at later than a lease after its time, and no order of which an item is in no
 * ended package is forgotten.
 */
function expectLookedAt(world: World): void {
  const { order, now } = world;
  const { nextAt, held } = plan(order, now);
  if (world.isUnderWay()) expect(order.nextAttemptAt !== null || held.length > 0).toBe(true);
  if (nextAt === null || order.account.status !== 'active') return;
  const latest = Math.max(nextAt.getTime(), now.getTime(), takenOverBy(world)) + 30 * SECOND;
  expect(order.nextAttemptAt?.getTime() ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(latest);
}

/**
 * An acceptance noted while the host held the rows is written by whoever has it in hand; where that one died, it is found
 * when the attempt would have been read back.
 */
function takenOverBy({ order }: World): number {
  if (adoptAccepted(order).order === order) return 0;
  const accepted = order.attempts.filter(({ outcome }) => outcome === 'accepted');
  return Math.max(0, ...accepted.map((attempt) => readBackAt(order, attempt).getTime()));
}

describe('whatever happens in whatever order', () => {
  const sound = (stories: typeof story, { forgets = false, readyFirst = false } = {}) =>
    fc.property(stories, ({ items, visibleAfter, commands }) => {
      const world = new World({ items, visibleAfter, forgets });
      if (readyFirst) getReady(world);
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
    fc.assert(sound(story), runs(1_500));
  });

  test('a 202 in hand is never sent again, however late Lazada shows it and however long the host holds the rows', () => {
    fc.assert(sound(storyWith(300, ANSWERED), { readyFirst: true }), runs(1_500));
  });

  test('this check would see a double: where an answer that cannot be written is thrown away, it finds one', () => {
    expect(fc.check(sound(storyWith(300, ANSWERED), { readyFirst: true, forgets: true }), runs(5_000)).failed).toBe(
      true,
    );
  });

  test('this check would see a double: where Lazada shows a status later than the read-back, it finds one', () => {
    expect(fc.check(sound(storyWith(300)), runs(5_000)).failed).toBe(true);
  });

  test('an order that is asked to ship and to be delivered comes to its end, whatever failed on the way', () => {
    fc.assert(
      fc.property(story, ({ items, visibleAfter, commands }) => {
        const world = new World({ items, visibleAfter });
        for (const run of commands) run(world);
        world.calmDown();
        world.takeFlagBack('not_delivered');
        world.askToShip();
        // A time before the one that Lazada has for shipped would be held, and a person's turn.
        world.setFlag('delivered', (world.now.getTime() - T0.getTime() + DAY) / MINUTE);
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
      runs(500),
    );
  });
});
