/**
 * The clock's part: every minute each account's own clock is looked at. What is due for the first time is written down,
 * and what is written down is handed on until it is done. Rows, not memory: any number of schedulers ask once, and one
 * that was away catches up.
 */
import type { AccountOfTheDay, DailyJobs } from '@lazada-sof/db';
import {
  type Account,
  DAILY_JOBS,
  type DailyJobName,
  type DailyKey,
  dueDays,
  type NoticeName,
} from '@lazada-sof/orders';
import type { JobRequest } from '@lazada-sof/queue';
import type { Waker } from './waker.ts';

const EVERY_MS = 60_000;

/**
 * Looked at and told by the scheduler itself. Written as done before they are told, so that two schedulers never tell one
 * twice: a crash in between loses a line of the log, while the metrics go on telling the same.
 */
export type Notices = Readonly<Record<NoticeName, (account: Account, key: DailyKey) => Promise<void>>>;
const isNotice = (job: DailyJobName): job is NoticeName => DAILY_JOBS[job].handedOnAs === null;

export type DailyTools = {
  readonly rows: Pick<DailyJobs, 'accounts' | 'add' | 'take'>;
  readonly notices: Notices;
  readonly enqueue: (jobs: readonly JobRequest[], place: 'behind') => Promise<void>;
  readonly waker: Waker;
  readonly log: { warn(message: string, fields: object): unknown };
};

export async function runDailyJobs(tools: DailyTools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await lookAtClock(tools).catch((error: unknown) =>
      tools.log.warn('the daily jobs could not be looked at, they are looked at again', { error }),
    );
    await tools.waker.sleep(EVERY_MS, signal);
  }
}

export async function lookAtClock({ rows, notices, enqueue, log }: DailyTools): Promise<void> {
  const { accounts, now } = await rows.accounts();
  const due = accounts.flatMap((one) => dueOf(one, now));
  await rows.add(
    due.filter(({ job }) => !isNotice(job)),
    { isDone: false },
  );
  const told = await rows.add(
    due.filter(({ job }) => isNotice(job)),
    { isDone: true },
  );
  const byId = new Map(accounts.map(({ account }) => [account.accountId, account]));
  for (const key of told) {
    const account = byId.get(key.accountId);
    if (account && isNotice(key.job))
      await notices[key.job](account, key).catch((error: unknown) =>
        log.warn('a notice of the day could not be told', { account: account.name, ...key, error }),
      );
  }
  const taken = await rows.take();
  // All accounts of a zone have midnight together: what an order waits for goes first.
  if (taken.length > 0) await enqueue(taken.flatMap(jobOf), 'behind');
}

const dueOf = ({ account, newest }: AccountOfTheDay, now: Date): DailyKey[] =>
  (Object.keys(DAILY_JOBS) as DailyJobName[]).flatMap((job) =>
    dueDays(job, { now, timezone: account.timezone, newest: newest[job] ?? null }).map((day) => ({
      accountId: account.accountId,
      job,
      day,
    })),
  );

function jobOf({ accountId, job, day: date }: DailyKey): JobRequest[] {
  const name = DAILY_JOBS[job].handedOnAs;
  return name === null ? [] : [{ name, data: { v: 1, accountId, date } }];
}
