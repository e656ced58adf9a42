/** The first orders of a demonstration, at the host and at Lazada. */
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { ACCOUNTS, type Scenario, smoothScenario } from './scenarios.ts';
import { yesterdaysOrders } from './yesterday.ts';

const FIRST_ORDERS = 36;

/** Two accounts and forty orders, four of them of yesterday, unless an earlier start has seeded them. */
export async function seed({ host, lazada }: { host: Host; lazada: Lazada }): Promise<void> {
  if (await host.hasAccounts()) return;
  for (const account of ACCOUNTS) await host.addAccount(await lazada.addAccount(account));
  const today = Array.from({ length: FIRST_ORDERS }, (_, n) => smoothScenario(n));
  await addOrders({ host, lazada }, [...yesterdaysOrders(new Date()), ...today]);
}

export async function addOrders(
  { host, lazada }: { host: Host; lazada: Lazada },
  scenarios: readonly Scenario[],
): Promise<string[]> {
  return host.addOrders(await lazada.addOrders(scenarios));
}
