/** Where a person is sent who wonders why nothing happens. */
import { CommandFailed } from '../../terminal/errors.ts';

/** The command that tells why. */
export const explainHint = (account: string, orderNumber: string) =>
  `npm run sof -- order explain ${account} ${orderNumber}`;

export const nothingToDo = (what: string, account: string, orderNumber: string) =>
  new CommandFailed(`nothing of ${account}/${orderNumber} can ${what}; see: ${explainHint(account, orderNumber)}`);
