/** What is kept for a while and then forgotten, now and then, by whichever process comes first. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';

const EVERY_MS = 10 * 60_000;

type Parts = { readonly db: Pick<Db, 'idempotencyKeys' | 'access'>; readonly log: Logger };

/** Until it is told to end. */
export async function forgetOld({ db, log }: Parts, signal: AbortSignal): Promise<void> {
  const kept = {
    'idempotency keys': () => db.idempotencyKeys.forgetOld(),
    'tries to sign in': () => db.access.forgetTries(),
  };
  while (!signal.aborted) {
    for (const [what, forget] of Object.entries(kept)) {
      await forget().catch((error: unknown) => {
        log.warn(`old ${what} could not be forgotten, they are the next time`, { error });
      });
    }
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
