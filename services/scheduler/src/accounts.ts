/**
 * The clock's part: accounts whose credentials changed (they have no SOF token), and accounts whose tokens end soon, are
 * checked by status-sync. The database knows which; asking twice is harmless, a check that runs takes up the second.
 */
import type { JobRequest } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import type { Waker } from './waker.ts';

const EVERY_MS = 60_000;
/** Lazada lets a token be refreshed in its last two days; a day early leaves a day for mending. */
export const TOKEN_ENDS_WITHIN_MS = 24 * 60 * 60 * 1_000;

export type CheckTools = {
  /** Ids of active accounts that want to be checked. */
  readonly toCheck: () => Promise<readonly string[]>;
  readonly enqueue: (jobs: readonly JobRequest[]) => Promise<void>;
  readonly waker: Waker;
  readonly log: Logger;
};

/** Every minute, and at every notification: a new password is tried at once. */
export async function checkAccounts({ toCheck, enqueue, waker, log }: CheckTools, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const accountIds = await toCheck();
      if (accountIds.length > 0)
        await enqueue(
          accountIds.map((accountId) => ({ name: 'check-account', data: { v: 1, accountId, ifActive: true } })),
        );
    } catch (error) {
      log.warn('accounts could not be checked, they are looked at again', { error });
    }
    await waker.sleep(EVERY_MS, signal);
  }
}
