/**
 * Who will soon come with a next call. Callers whose call is under way have their result in a moment, and then their think
 * time: an order that was read is packed next, and one that was set ready makes room for another. A batch that is not full
 * waits for them.
 */
import { SECOND } from '@lazada-sof/orders';

export type ExpectedCallers = {
  /** A call of this account is under way; what is answered tells that so many callers have its result now. */
  began(accountId: string): (callers: number) => void;
  /** One came with a call: this one, or whoever it took the place of, is expected no more. */
  came(accountId: string): void;
  ofAccount(accountId: string): { readonly areUnderWay: boolean; readonly areThinking: boolean };
};

/** Who has not come by then went somewhere else. */
const LONGEST_THINK_MS = SECOND;

type Known = { calls: number; thinkingSince: number[] };

export function expectCallers(now: () => number = () => performance.now()): ExpectedCallers {
  const accounts = new Map<string, Known>();
  const known = (accountId: string): Known => {
    const account = accounts.get(accountId) ?? { calls: 0, thinkingSince: [] };
    account.thinkingSince = account.thinkingSince.filter((at) => at > now() - LONGEST_THINK_MS);
    accounts.set(accountId, account);
    return account;
  };
  return {
    began(accountId) {
      known(accountId).calls += 1;
      return (callers) => {
        const account = known(accountId);
        account.calls -= 1;
        account.thinkingSince.push(...Array.from({ length: callers }, now));
      };
    },
    came: (accountId) => void known(accountId).thinkingSince.shift(),
    ofAccount(accountId) {
      const { calls, thinkingSince } = known(accountId);
      return { areUnderWay: calls > 0, areThinking: thinkingSince.length > 0 };
    },
  };
}
