/**
 * Tries an account's credentials and writes down whether they work: it parks the account, or un-parks it. Where its seller
 * has come back from the consent page his code is exchanged before.
 */

import type { AccountChecks, ConsentCheck } from '@lazada-sof/connectors';
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
  /** Of the seller's code, where one waits. */
  readonly consent: ConsentCheck;
  readonly log: Pick<Logger, 'warn'>;
};

export async function checkAccount(
  { accountId, ifActive = false, signal }: { accountId: string; ifActive?: boolean | undefined; signal: AbortSignal },
  { accounts, consent, checks, ownChecks, log }: CheckTools,
): Promise<Answer | 'superseded'> {
  const found = await accounts.byId(accountId);
  if (!found) return 'superseded';
  const consented = await consent.check(found);
  const told = consented ? [consented] : [];
  // A consent un-parks it.
  const account = consented ? await accounts.byId(accountId) : found;
  if (!account || (ifActive && account.status !== 'active'))
    return consented ? answerOf(found, told, log) : 'superseded';
  // Somebody waits for what a consent is worth, whoever asked for this check.
  const isAsked = !ifActive || consented !== null;
  const { checks: results, failure } = await (isAsked ? checks : ownChecks).check(account, signal);
  // Parked by somebody else meanwhile, who knows the reason.
  if (failure?.code === ACCOUNT_PARKED) return consented ? answerOf(found, told, log) : 'superseded';
  await accounts.apply(accountId, accountVerdict(failure, { ifActive }));
  return answerOf(account, [...told, ...results], log);
}

type Answer = { readonly ok: boolean; readonly checks: readonly AccountCheck[] };

function answerOf({ name }: Account, checks: readonly AccountCheck[], log: CheckTools['log']): Answer {
  const wrong = checks.filter(({ ok }) => !ok);
  for (const { check, detail } of wrong) log.warn('an account check failed', { account: name, check, detail });
  return { ok: wrong.length === 0, checks };
}
