/** What is asked for and not there, named with the way out. */
import { CommandFailed } from '../terminal/errors.ts';

export const accountNotFound = (name: string) =>
  new CommandFailed(`there is no account ${name}; npm run sof -- account list shows them`);

export const orderNotFound = (account: string, orderNumber: string) =>
  new CommandFailed(
    `account ${account} has no order ${orderNumber}: check the number; an order is known here once the host system has written it`,
  );
