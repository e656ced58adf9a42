/** Tries an account's credentials and writes down whether they work: it parks the account, or un-parks it. */

import type { AccountChecks } from '@lazada-sof/connectors';
import {
  ACCOUNT_PARKED,
  type Account,
  type AccountCheck,
  type AccountVerdict,
  accountVerdict,
} from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';

export type CheckTools = {
  readonly accounts: {
    byId(accountId: string): Promise<Account | null>;
    apply(accountId: string, verdict: AccountVerdict): Promise<void>;
  };
  /** For whoever asks whether everything works. */
  readonly checks: Pick<AccountChecks, 'check'>;
  /** For the scheduler, which asks where there is no token: by now an order's own sign-in may have made one. */
  readonly ownChecks: Pick<AccountChecks, 'check'>;
  readonly log: Pick<Logger, 'warn'>;
};

export async function checkAccount(
  { accountId, ifActive = false, signal }: { accountId: string; ifActive?: boolean | undefined; signal: AbortSignal },
  { accounts, checks, ownChecks, log }: CheckTools,
): Promise<{ ok: boolean; checks: readonly AccountCheck[] } | 'superseded'> {
  const account = await accounts.byId(accountId);
  if (!account || (ifActive && account.status !== 'active')) return 'superseded';
  const { checks: results, failure } = await (ifActive ? ownChecks : checks).check(account, signal);
  // Parked by somebody else meanwhile, who knows the reason.
  if (failure?.code === ACCOUNT_PARKED) return 'superseded';
  await accounts.apply(accountId, accountVerdict(failure, { ifActive }));
  const wrong = results.filter(({ ok }) => !ok);
  for (const { check, detail } of wrong) log.warn('an account check failed', { account: account.name, check, detail });
  return { ok: wrong.length === 0, checks: results };
}
