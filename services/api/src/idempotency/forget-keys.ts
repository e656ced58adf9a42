/** Keys whose day is over are forgotten now and then, by whichever process comes first. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { IdempotencyKeys } from '@lazada-sof/db';
import type { Logger } from '@lazada-sof/runtime';

const EVERY_MS = 10 * 60_000;

/** Until it is told to end. */
export async function forgetKeys(
  { keys, log }: { keys: Pick<IdempotencyKeys, 'forgetOld'>; log: Logger },
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    await keys.forgetOld().catch((error: unknown) => {
      log.warn('old idempotency keys could not be forgotten, they are the next time', { error });
    });
    await sleep(EVERY_MS, undefined, { signal }).catch(() => undefined);
  }
}
