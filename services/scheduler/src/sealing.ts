/**
 * Secrets that the host wrote plain, sealed by status-sync: at the notification that comes with most of them, and by a look at the
 * index that holds such accounts and nothing else. So a plain secret is sealed within a minute, of disabled and parked accounts
 * too.
 */
import type { Sealing } from '@lazada-sof/db';
import type { JobRequest } from '@lazada-sof/queue';
import { askedLately } from './accounts.ts';
import type { Waker } from './waker.ts';

const EVERY_MS = 20_000;
/** A whole table that a host wrote is not put before what orders wait for: so many at once, and a moment later the next. */
const AT_ONCE = 200;
const NEXT_MS = 2_000;

export type SealingTools = {
  readonly toSeal: Sealing['toSeal'];
  readonly enqueue: (jobs: readonly JobRequest[]) => Promise<void>;
  readonly waker: Waker;
  readonly log: { warn(message: string, fields: object): unknown };
};

export async function sealAccounts({ toSeal, enqueue, waker, log }: SealingTools, signal: AbortSignal): Promise<void> {
  const asked = askedLately();
  while (!signal.aborted) {
    let sleepMs = EVERY_MS;
    try {
      const plain = (await toSeal()).map((one) => ({ ...one, canWait: false }));
      const accounts = asked.leftOut(plain, performance.now()).slice(0, AT_ONCE);
      if (accounts.length > 0)
        await enqueue(accounts.map(({ accountId }) => ({ name: 'seal-account', data: { v: 1, accountId } })));
      asked.remember(accounts, performance.now());
      if (accounts.length === AT_ONCE) sleepMs = NEXT_MS;
    } catch (error) {
      log.warn('plain secrets of accounts could not be looked for, they are looked for again', { error });
    }
    await waker.sleep(sleepMs, signal);
  }
}
