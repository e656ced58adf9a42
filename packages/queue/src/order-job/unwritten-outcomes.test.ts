import { describe, expect, test } from '@jest/globals';
import { type Changed, quiet, type ReportOutcome } from '@lazada-sof/orders';
import { anOrder } from '@lazada-sof/orders/fixture';
import { keepUnwrittenOutcomes } from './unwritten-outcomes.ts';

const outcome = (of: ReportOutcome['outcome']): ReportOutcome => ({
  outcome: of,
  httpStatus: 202,
  answer: null,
  requestId: null,
});
const CHANGED = { order: anOrder(), plan: { owed: [] }, now: new Date(0) } as unknown as Changed;

/** Rows that answer `busy`, or break, so often before they are free. */
function rig({ held, breaks = 0 }: { held: number; breaks?: number }) {
  const noted: string[] = [];
  const written = Promise.withResolvers<string>();
  let looks = 0;
  const outcomes = keepUnwrittenOutcomes({
    orders: {
      change: async () => {
        looks += 1;
        if (looks <= breaks) throw new Error('the database is away');
        return looks <= held ? 'busy' : CHANGED;
      },
      noteAccepted: async (attemptId) => void noted.push(attemptId),
    },
    onWritten: async (orderId) => written.resolve(orderId),
    everyMs: 1,
  });
  return { outcomes, noted, written: written.promise, looks: () => looks };
}
const keep = (of: ReportOutcome['outcome'], attemptId = '7') => ({
  orderId: '5',
  attemptId,
  outcome: outcome(of),
  afterwards: quiet,
});

describe('an outcome that is in hand while somebody holds the rows', () => {
  test('is written as soon as they are free, and the order goes on', async () => {
    const { outcomes, written, looks } = rig({ held: 20 });
    await outcomes.keep(keep('refused'));
    expect(await written).toBe('5');
    expect(looks()).toBe(21);
  });

  test('outlives a database that is away', async () => {
    const { outcomes, written } = rig({ held: 0, breaks: 5 });
    await outcomes.keep(keep('accepted'));
    expect(await written).toBe('5');
  });

  test.each([
    { of: 'accepted', noted: ['7'] },
    { of: 'refused', noted: [] },
    { of: 'unknown', noted: [] },
  ] as const)('$of is noted with its attempt: $noted', async ({ of, noted }) => {
    const kept = rig({ held: 3 });
    await kept.outcomes.keep(keep(of));
    expect(kept.noted).toEqual(noted);
    await kept.written;
  });

  test('at 200 of them the process takes no new report', async () => {
    const { outcomes } = rig({ held: Number.POSITIVE_INFINITY });
    for (let one = 0; one < 199; one++) await outcomes.keep(keep('refused', `${one}`));
    expect(outcomes.isFull()).toBe(false);
    await outcomes.keep(keep('refused', '199'));
    expect(outcomes.isFull()).toBe(true);
  });
});
