/** What is asked for and not there, named with the way out. */
import { Failed } from '../errors.ts';

export const noAccount = (name: string) =>
  new Failed(`there is no account ${name}; npm run sof -- account list shows them`);

export const noOrder = (account: string, orderNumber: string) =>
  new Failed(
    `account ${account} has no order ${orderNumber}: check the number; an order is known here once the host system has written it`,
  );
