/** Whether anything can be done for an account: without a country nobody knows whom to ask. */
import { Failure } from './failure.ts';
import type { Account, Country } from './order.ts';

export type UsableAccount = Account & { readonly country: Country };

export const isUsable = (account: Account): account is UsableAccount =>
  account.country !== null && account.mistakes.length === 0;

/** What parks an account whose row cannot be used. */
export const settingsFailure = ({ name, mistakes }: Account): Failure =>
  new Failure('misconfigured', `settings of account ${name} cannot be used: ${mistakes.join('; ')}`, {
    code: 'settings_unusable',
    accountStatus: 'auth_failed',
  });

/** @throws Failure, where the row cannot be used */
export function usable(account: Account): UsableAccount {
  if (!isUsable(account)) throw settingsFailure(account);
  return account;
}
