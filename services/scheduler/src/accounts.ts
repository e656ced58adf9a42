/**
 * The clock's part: accounts whose credentials changed (they have no SOF token), and accounts whose tokens end soon, are
 * checked by status-sync. The database knows which; asking twice is harmless, a check that runs takes up the second.
 */
import type { AccountToCheck } from '@lazada-sof/db';
import type { JobRequest } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import type { Waker } from './waker.ts';

const EVERY_MS = 60_000;
/** Shorter than a minute, so that the next minute's look is not the one that comes just too early. */
const LATELY_MS = 50_000;
/** Likewise, of an hour: a token that ends soon is good for many more tries, and each that is refused is one at Lazada. */
const LATELY_PATIENT_MS = 59 * 60_000 + LATELY_MS;
/** Lazada lets a token be refreshed in its last two days; a day early leaves a day for mending. */
export const TOKEN_ENDS_WITHIN_MS = 24 * 60 * 60 * 1_000;

/**
 * Remembers what was asked lately and has not been written since. While an account's sign-in fails for passing reasons,
 * each order that changes would make us sign in again; a new password is another version, and is tried at once.
 */
export function askedLately() {
  const asked = new Map<string, number>();
  return {
    leftOut(accounts: readonly AccountToCheck[], nowMs: number): AccountToCheck[] {
      for (const [version, at] of asked) if (nowMs - at >= LATELY_PATIENT_MS) asked.delete(version);
      return accounts.filter((account) => {
        const at = asked.get(versionOf(account));
        return at === undefined || nowMs - at >= (account.canWait ? LATELY_PATIENT_MS : LATELY_MS);
      });
    },
    remember(accounts: readonly AccountToCheck[], nowMs: number): void {
      for (const account of accounts) asked.set(versionOf(account), nowMs);
    },
  };
}
const versionOf = ({ accountId, version }: AccountToCheck) => `${accountId} ${version}`;

export type CheckTools = {
  /** Active accounts that want to be checked. */
  readonly toCheck: () => Promise<readonly AccountToCheck[]>;
  readonly enqueue: (jobs: readonly JobRequest[]) => Promise<void>;
  readonly waker: Waker;
  readonly log: Logger;
};

/** Every minute, and at every notification: a new password is tried at once. */
export async function checkAccounts({ toCheck, enqueue, waker, log }: CheckTools, signal: AbortSignal): Promise<void> {
  const asked = askedLately();
  while (!signal.aborted) {
    try {
      const accounts = asked.leftOut(await toCheck(), performance.now());
      if (accounts.length > 0)
        await enqueue(
          accounts.map(({ accountId }) => ({ name: 'check-account', data: { v: 1, accountId, ifActive: true } })),
        );
      asked.remember(accounts, performance.now());
    } catch (error) {
      log.warn('accounts could not be checked, they are looked at again', { error });
    }
    await waker.sleep(EVERY_MS, signal);
  }
}
