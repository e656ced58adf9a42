/** What is found out about packing an account's parcels: written into its row, and told once. */
import type { Account } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';
import type { Outside } from './outside.ts';

type Tools = {
  readonly accounts: { notePacking(account: Account, reason: string | null): Promise<boolean> };
  readonly log: Logger;
};

export function packingNotes({ accounts, log }: Tools): Outside['notePacking'] {
  return async (account, reason) => {
    if (!(await accounts.notePacking(account, reason))) return;
    if (reason === null) log.info('packing goes on', { account: account.name });
    else log.warn('packing waits for the account', { account: account.name, reason });
  };
}
