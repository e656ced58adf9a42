import { describe, expect, test } from '@jest/globals';
import {
  type Account,
  DAY,
  type DailyFailure,
  type DailyKey,
  type DailyRow,
  type DailyRows,
  Failure,
  HOUR,
  MINUTE,
  SECOND,
  type SeenRow,
} from '@lazada-sof/orders';
import { after, anAccount, T0 } from '@lazada-sof/orders/fixture';
import { type DayJobTools, dayJob, type PerformDay } from './day-job.ts';

/** By day of `T0` in Singapore. */
const [YESTERDAY, TODAY, TOMORROW] = ['2026-03-01', '2026-03-02', '2026-03-03'] as const;
const DUE = 'due';

/** The row of one day in memory. */
class Memory implements DailyRows {
  row: Omit<DailyRow, 'now'> | null;
  done = 0;
  constructor(row: Partial<DailyRow> | null) {
    this.row = row && { dueAt: DUE, askedAt: null, tries: 0, since: T0, errorCode: null, ...row };
  }
  async now() {
    return T0;
  }
  async begin() {
    this.row ??= { dueAt: DUE, askedAt: null, tries: 0, since: T0, errorCode: null };
    return { ...this.row, now: T0 };
  }
  async finish(_key: DailyKey, seen: SeenRow) {
    this.done++;
    this.row = { ...(await this.begin()), dueAt: this.row?.dueAt === seen.dueAt ? null : DUE, tries: 0 };
  }
  async fail(_key: DailyKey, { dueAt, tries, code }: DailyFailure) {
    const since = this.row?.errorCode === code ? this.row.since : T0;
    this.row = { dueAt: dueAt?.toISOString() ?? null, askedAt: null, tries, since, errorCode: code };
  }
  async ask() {
    this.row = { dueAt: DUE, askedAt: null, tries: 0, since: T0, errorCode: null };
  }
}

type Rig = Partial<Pick<DayJobTools, 'mostTries' | 'againAfterMs'>> & {
  row?: Partial<DailyRow> | null;
  account?: Account | null;
};

function rig(perform: PerformDay, { row = {}, account = anAccount(), mostTries, againAfterMs }: Rig = {}) {
  const rows = new Memory(row);
  const parked: string[] = [];
  const givenUp: string[] = [];
  const job = dayJob({
    job: 'manifest',
    rows,
    accounts: {
      byId: async () => account,
      park: async (accountId, { status }) => void parked.push(`${accountId} ${status}`),
    },
    perform,
    givenUp: async ({ day, failure }) => void givenUp.push(`${day} ${failure.code}`),
    random: () => 0.5,
    ...(mostTries === undefined ? {} : { mostTries }),
    ...(againAfterMs === undefined ? {} : { againAfterMs }),
  });
  const run = (date: string = YESTERDAY) => job({ accountId: '1', date, signal: new AbortController().signal });
  return { rows, parked, givenUp, run };
}
const failWith =
  (kind: Failure['kind'], fields = {}): PerformDay =>
  async () => {
    throw new Failure(kind, 'Lazada said no', { code: 'no', ...fields });
  };
const well: PerformDay = async () => undefined;
const dueIn = (ms: number) => after(ms).toISOString();

describe('a job of a day', () => {
  test('done', async () => {
    const { run, rows } = rig(well);
    await expect(run()).resolves.toBe('done');
    expect(rows).toMatchObject({ done: 1, row: { dueAt: null } });
  });

  test('of a day that the clock never asked for: done all the same', async () => {
    const { run, rows } = rig(well, { row: null });
    await expect(run()).resolves.toBe('done');
    expect(rows.done).toBe(1);
  });

  test('run twice: done twice, whoever performs it looks at what there is', async () => {
    const { run } = rig(well);
    await run();
    await expect(run()).resolves.toBe('done');
  });

  test('asked for again while it runs: done, and still due', async () => {
    const { run, rows } = rig(async () => {
      if (rows.row) rows.row = { ...rows.row, dueAt: 'later' };
    });
    await expect(run()).resolves.toBe('done');
    expect(rows.row?.dueAt).toBe(DUE);
  });

  test('of an account that is no more: superseded', async () => {
    await expect(rig(well, { account: null }).run()).resolves.toBe('superseded');
  });

  test.each([TODAY, TOMORROW])('of %s, which is not over: refused in words, nothing written', async (day) => {
    const { run, rows } = rig(well, { row: null });
    await expect(run(day)).resolves.toEqual({
      outcome: 'failed',
      reason: `demo-sg/${day}: that day is not over in Asia/Singapore; ask again tomorrow`,
    });
    expect(rows.row).toBeNull();
  });

  test('that is over by the clock of its account is done, though it is not in Singapore', async () => {
    const account = anAccount({ timezone: 'Pacific/Kiritimati' });
    const { run } = rig(well, { account });
    await expect(run(TODAY)).resolves.toMatchObject({ outcome: 'failed' });
    await expect(run(YESTERDAY)).resolves.toBe('done');
  });

  test('transient: the try is counted, and the same job comes again', async () => {
    const { run, rows } = rig(failWith('transient'));
    await expect(run()).resolves.toMatchObject({
      outcome: 'retried',
      delayMs: SECOND / 2,
      reason: 'demo-sg/2026-03-01: Lazada said no',
    });
    expect(rows.row).toMatchObject({ tries: 1, dueAt: dueIn(SECOND / 2), errorCode: 'no' });
  });

  test('transient for the ninth time: failed, and due again in a quarter of an hour', async () => {
    const { run, rows, givenUp } = rig(failWith('transient'), { row: { tries: 8 } });
    await expect(run()).resolves.toMatchObject({ outcome: 'failed' });
    expect(rows.row).toMatchObject({ tries: 9, dueAt: dueIn(15 * MINUTE) });
    expect(givenUp).toEqual([]);
  });

  test('transient for the last time that it may be: given up, told once', async () => {
    const { run, rows, givenUp } = rig(failWith('transient'), { row: { tries: 8 }, mostTries: 9 });
    await expect(run()).resolves.toMatchObject({ outcome: 'failed' });
    expect(rows.row).toMatchObject({ tries: 9, dueAt: null });
    expect(givenUp).toEqual(['2026-03-01 no']);
  });

  test('transient for the sixteenth time: given up', async () => {
    const { run, rows, givenUp } = rig(failWith('transient'), { row: { tries: 15 } });
    await expect(run()).resolves.toMatchObject({ outcome: 'failed' });
    expect(rows.row?.dueAt).toBeNull();
    expect(givenUp).toHaveLength(1);
  });

  test('rejected: given up at once', async () => {
    const { run, rows, givenUp } = rig(failWith('rejected'));
    await expect(run()).resolves.toMatchObject({ outcome: 'failed', reason: 'demo-sg/2026-03-01: Lazada said no' });
    expect(rows.row?.dueAt).toBeNull();
    expect(givenUp).toHaveLength(1);
  });

  test('given up, and tried again a day later where somebody may have mended it for all', async () => {
    const { run, rows } = rig(failWith('rejected'), { againAfterMs: DAY });
    await expect(run()).resolves.toMatchObject({ outcome: 'failed' });
    expect(rows.row).toMatchObject({ tries: 1, dueAt: dueIn(DAY) });
  });

  test.each([
    ['a short wait: the same job, no try', { waitMs: 5 * SECOND }, { outcome: 'snoozed', delayMs: 5 * SECOND }, 5_000],
    ['a long one lives in the row', { waitMs: HOUR }, 'done', HOUR],
  ])('rate-limited, %s', async (_, fields, result, due) => {
    const { run, rows } = rig(failWith('rate-limited', fields), { row: { tries: 3 } });
    const ended = await run();
    if (typeof result === 'string') expect(ended).toBe(result);
    else expect(ended).toMatchObject(result);
    expect(rows.row).toMatchObject({ tries: 3, dueAt: dueIn(due) });
  });

  test('not ready: the next rung of its ladder, and at its end given up', async () => {
    const waiting = failWith('not-ready', { schedule: 'target' });
    const first = rig(waiting);
    await expect(first.run()).resolves.toMatchObject({ outcome: 'snoozed', delayMs: 30 * SECOND });
    const last = rig(waiting, { row: { since: after(-14 * DAY), errorCode: 'no' } });
    await expect(last.run()).resolves.toMatchObject({ outcome: 'failed' });
    expect(last.givenUp).toHaveLength(1);
    const another = rig(waiting, { row: { since: after(-14 * DAY), errorCode: 'other' } });
    await expect(another.run()).resolves.toMatchObject({ outcome: 'snoozed' });
  });

  test('misconfigured: the account is parked, the day stays due', async () => {
    const { run, rows, parked } = rig(failWith('misconfigured', { parks: 'auth_failed' }));
    await expect(run()).resolves.toBe('done');
    expect(parked).toEqual(['1 auth_failed']);
    expect(rows.row).toMatchObject({ dueAt: DUE, tries: 0 });
  });

  test('a shutdown is no failure', async () => {
    const closing = AbortSignal.abort(new Error('closing'));
    const rows = new Memory({});
    const job = dayJob({
      job: 'index',
      rows,
      accounts: { byId: async () => anAccount(), park: async () => undefined },
      perform: failWith('transient'),
    });
    await expect(job({ accountId: '1', date: YESTERDAY, signal: closing })).rejects.toThrow('Lazada said no');
    expect(rows.row).toMatchObject({ tries: 0, dueAt: DUE });
  });
});
