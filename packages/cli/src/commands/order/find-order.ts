import type { Db } from '@lazada-sof/db';
import type { Loaded } from '@lazada-sof/orders';
import { accountNotFound, orderNotFound } from '../not-found.ts';

/** The order by its account and number. @throws CommandFailed where there is none */
export async function findOrder(db: Db, account: string, orderNumber: string): Promise<Loaded> {
  const found = await db.findOrder({ account, orderNumber });
  const loaded = 'orderId' in found ? await db.orders.load(found.orderId) : null;
  return loaded ?? throwNotFound(db, account, orderNumber);
}

/** @throws CommandFailed that names what is not there: the account, or the order */
export async function throwNotFound(db: Db, account: string, orderNumber: string): Promise<never> {
  throw (await db.accounts.find(account)) ? orderNotFound(account, orderNumber) : accountNotFound(account);
}
