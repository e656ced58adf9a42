import type { Db } from '@lazada-sof/db';
import type { Loaded } from '@lazada-sof/orders';
import { noAccount, noOrder } from '../not-found.ts';

/** The order by its account and number. @throws Failed where there is none */
export async function findOrder(db: Db, account: string, orderNumber: string): Promise<Loaded> {
  const orderId = await db.orders.find(account, orderNumber);
  const loaded = orderId ? await db.orders.load(orderId) : null;
  return loaded ?? whatIsMissing(db, account, orderNumber);
}

/** @throws Failed that names what is not there: the account, or the order */
export async function whatIsMissing(db: Db, account: string, orderNumber: string): Promise<never> {
  throw (await db.accounts.find(account)) ? noOrder(account, orderNumber) : noAccount(account);
}
