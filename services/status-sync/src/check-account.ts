/** Tries an account's credentials and writes down whether they work: it parks the account, or un-parks it. */

import type { AccountChecks } from '@lazada-sof/connectors';
import type { Account, AccountCheck } from '@lazada-sof/orders';

export type CheckTools = {
  readonly accounts: {
    byId(accountId: string): Promise<Account | null>;
    park(accountId: string, to: { status: 'auth_failed' | 'reauth_required'; reason: string }): Promise<void>;
    unpark(accountId: string): Promise<void>;
  };
  readonly checks: Pick<AccountChecks, 'check'>;
};

export async function checkAccount(
  { accountId, ifActive = false, signal }: { accountId: string; ifActive?: boolean | undefined; signal: AbortSignal },
  { accounts, checks }: CheckTools,
): Promise<{ ok: boolean; checks: readonly AccountCheck[] } | 'superseded'> {
  const account = await accounts.byId(accountId);
  if (!account || (ifActive && account.status !== 'active')) return 'superseded';
  // The scheduler asks because there was no token; an order's own sign-in may have made one meanwhile.
  const { checks: results, failure } = await checks.check(account, { signal, takesToken: ifActive });
  if (failure?.kind === 'misconfigured') {
    await accounts.park(accountId, { status: failure.accountStatus ?? 'auth_failed', reason: failure.message });
  } else if (!failure) await accounts.unpark(accountId);
  return { ok: failure === null, checks: results };
}
