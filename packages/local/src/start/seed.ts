/** The first orders of a demonstration, at the host and at Lazada. */
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { ACCOUNTS, type Scenario, smoothScenario } from './scenarios.ts';

const FIRST_ORDERS = 40;

/** Two accounts and forty orders, unless an earlier start has seeded them. */
export async function seed({ host, lazada }: { host: Host; lazada: Lazada }): Promise<void> {
  if (await host.hasAccounts()) return;
  for (const account of ACCOUNTS) await host.addAccount(await lazada.addAccount(account));
  await addOrders(
    { host, lazada },
    Array.from({ length: FIRST_ORDERS }, (_, n) => smoothScenario(n)),
  );
}

export async function addOrders(
  { host, lazada }: { host: Host; lazada: Lazada },
  scenarios: readonly Scenario[],
): Promise<string[]> {
  return host.addOrders(await lazada.addOrders(scenarios));
}
