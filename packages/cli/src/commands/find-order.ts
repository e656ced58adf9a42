import type { Db } from '@lazada-sof/db';
import type { Loaded } from '@lazada-sof/orders';
import { Failed } from '../ending.ts';

/** The order by its account and number. @throws Failed where there is none */
export async function findOrder(db: Db, account: string, orderNumber: string): Promise<Loaded> {
  const orderId = await db.orders.find(account, orderNumber);
  const loaded = orderId ? await db.orders.load(orderId) : null;
  if (!loaded) throw new Failed(`there is no order ${orderNumber} of account ${account}`);
  return loaded;
}
