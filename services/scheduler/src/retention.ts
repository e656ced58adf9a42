/**
 * Once a day, at night where Lazada is: what was kept as long as the settings say is removed, a small piece at a time with a
 * pause behind each, so that nobody waits for it. A row says whose turn it is, so any number of schedulers do it once; one that
 * dies leaves the rest to whoever looks ten minutes later.
 */
import { isPassing, type Removed, type Retention } from '@lazada-sof/db';
import { RETAINED, type Retained, type RetentionDays, retentionDay } from '@lazada-sof/orders';
import type { Waker } from './waker.ts';

const EVERY_MS = 10 * 60_000;
const PAUSE_MS = 100;

export type RetentionTools = {
  readonly days: RetentionDays;
  readonly retention: Retention;
  /** The database's time. */
  readonly now: () => Promise<Date>;
  readonly count: (what: Retained, removed: number) => void;
  readonly waker: Pick<Waker, 'sleep'>;
  readonly log: { info(message: string, fields: object): unknown; warn(message: string, fields: object): unknown };
};

/** Where everything is kept for ever it ends at once. */
export async function runRetention(tools: RetentionTools, signal: AbortSignal): Promise<void> {
  if (!RETAINED.some((what) => tools.days[what] !== undefined)) return;
  while (!signal.aborted) {
    await removeOld(tools, signal).catch((error: unknown) =>
      tools.log.warn('what was kept long enough could not be removed, it is tried again', { error }),
    );
    await tools.waker.sleep(EVERY_MS, signal);
  }
}

/** The day's turn, if nobody has had it. One that is broken off is not over. */
export async function removeOld(tools: RetentionTools, signal: AbortSignal): Promise<void> {
  const { retention, days, now, log } = tools;
  const day = retentionDay(await now());
  if (!(await retention.begin(day))) return;
  const removed: { [What in Retained]?: number } = {};
  for (const what of RETAINED) {
    const kept = days[what];
    if (kept !== undefined && !signal.aborted) removed[what] = await removeAll({ what, kept }, tools, signal);
  }
  if (signal.aborted) return;
  await retention.finish(day, removed satisfies Removed);
  log.info('what was kept long enough was removed', { day, ...removed });
}

type Kept = { readonly what: Retained; readonly kept: number };

/** What cannot be removed for a reason of its own, as a host's table that is made otherwise, hinders nothing else. */
async function removeAll({ what, kept }: Kept, tools: RetentionTools, signal: AbortSignal): Promise<number> {
  const { retention, count, waker, log } = tools;
  let all = 0;
  try {
    for await (const removed of retention.remove(what, kept)) {
      all += removed;
      count(what, removed);
      await retention.keep();
      await waker.sleep(PAUSE_MS, signal);
      if (signal.aborted) break;
    }
  } catch (error) {
    if (isPassing(error)) throw error;
    log.warn('what was kept long enough could not be removed, it is tried again tomorrow', { what, error });
  }
  return all;
}
