/**
 * Seals what the host wrote plain into an account's row, whatever the account's standing. Calls nobody, and neither parks nor
 * un-parks: what was written is taken for what it is at its first use.
 */
import type { Sealing } from '@lazada-sof/db';
import type { JobResult } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';

/** Somebody holds the row. */
const AGAIN_MS = 2_000;

export type SealTools = { readonly sealing: Pick<Sealing, 'seal'>; readonly log: Pick<Logger, 'warn'> };

export async function sealAccount(accountId: string, { sealing, log }: SealTools): Promise<JobResult> {
  const sealed = await sealing.seal(accountId);
  if (!sealed) return 'superseded';
  const { name, left, isBusy } = sealed;
  if (isBusy)
    return { outcome: 'snoozed', delayMs: AGAIN_MS, reason: `account ${name}: not sealed yet: ${left.join('; ')}` };
  for (const why of left) log.warn('a secret that the host wrote plain cannot be sealed', { account: name, why });
  return { outcome: 'done', answer: { left } };
}
