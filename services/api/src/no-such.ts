/** What is asked for and not there, named. */
import type { Deps } from './deps.ts';
import { notFound, type Problem } from './problem.ts';

export const noAccount = (name: string) => notFound(`There is no account ${name}; GET /v1/accounts lists them.`);

export const noOrder = (account: string, orderNumber: string) =>
  notFound(`There is no order ${orderNumber} of account ${account}.`);

/** Which of the two is not there. */
export async function noOrderOrAccount({ accounts }: Deps['db'], account: string, number: string): Promise<Problem> {
  return (await accounts.find(account)) ? noOrder(account, number) : noAccount(account);
}
