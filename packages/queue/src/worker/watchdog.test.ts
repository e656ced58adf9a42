import { describe, expect, test } from '@jest/globals';
import { createWatchdog } from './watchdog.ts';

/** What happens to a worker, one after the other; each look lies ten seconds after the one before. */
type Happening = { waiting: number | 'unknown'; handsFree?: boolean; takesUp?: boolean };

const waitingJobs: Happening = { waiting: 3 };
const rows: { says: string; happenings: Happening[]; alive: boolean }[] = [
  {
    says: 'a worker to which nothing happens is alive',
    happenings: Array(10).fill({ waiting: 0 }),
    alive: true,
  },
  {
    says: 'jobs that wait while nothing is taken up for half a minute show that it is stuck',
    happenings: Array(4).fill(waitingJobs),
    alive: false,
  },
  {
    says: 'less than half a minute shows nothing yet',
    happenings: Array(3).fill(waitingJobs),
    alive: true,
  },
  {
    says: 'a job taken up in between begins the half minute anew',
    happenings: [waitingJobs, waitingJobs, { waiting: 3, takesUp: true }, waitingJobs, waitingJobs],
    alive: true,
  },
  {
    says: 'a queue that was empty in between begins it anew',
    happenings: [waitingJobs, waitingJobs, { waiting: 0 }, waitingJobs, waitingJobs],
    alive: true,
  },
  {
    says: 'jobs that wait because its hands are full show nothing',
    happenings: Array(10).fill({ waiting: 3, handsFree: false }),
    alive: true,
  },
  {
    says: 'a queue that cannot be reached shows nothing',
    happenings: Array(10).fill({ waiting: 'unknown' }),
    alive: true,
  },
  {
    says: 'a worker that was stuck before the queue went away is still stuck',
    happenings: [waitingJobs, { waiting: 'unknown' }, { waiting: 'unknown' }, { waiting: 'unknown' }],
    alive: false,
  },
];

describe('the watchdog', () => {
  test.each(rows)('$says', async ({ happenings, alive }) => {
    let now = 0;
    let happening: Happening = { waiting: 0 };
    const watchdog = createWatchdog({
      waiting: async () => {
        if (happening.waiting === 'unknown') throw new Error('connect ECONNREFUSED');
        return happening.waiting;
      },
      handsFree: () => happening.handsFree ?? true,
      now: () => now,
      stuckAfterMs: 30_000,
    });
    for (happening of happenings) {
      now += 10_000;
      if (happening.takesUp) watchdog.reset();
      await watchdog.look();
    }
    expect(watchdog.alive()).toBe(alive);
  });

  test('a job taken up while it looks counts, whatever the look found', async () => {
    const counted = Promise.withResolvers<number>();
    let now = 0;
    const watchdog = createWatchdog({
      waiting: () => counted.promise,
      handsFree: () => true,
      now: () => now,
      stuckAfterMs: 30_000,
    });
    const looked = watchdog.look();
    watchdog.reset();
    counted.resolve(3);
    await looked;
    now = 60_000;
    expect(watchdog.alive()).toBe(true);
  });
});
