/** The first orders of a demonstration, at the host and at Lazada. */
import type { Host } from './host.ts';
import type { Lazada } from './lazada.ts';
import { ACCOUNTS, type Story, smoothStory } from './stories.ts';

const FIRST_ORDERS = 40;

/** Two accounts and forty orders, unless an earlier start has seeded them. */
export async function seed({ host, lazada }: { host: Host; lazada: Lazada }): Promise<void> {
  if (await host.hasAccounts()) return;
  for (const account of ACCOUNTS) await host.addAccount(await lazada.addAccount(account));
  for (let n = 0; n < FIRST_ORDERS; n += 1) await addOrder({ host, lazada }, smoothStory(n));
}

export async function addOrder({ host, lazada }: { host: Host; lazada: Lazada }, story: Story): Promise<string> {
  const order = await lazada.addOrder(story);
  return (await host.addOrder(story.account, order)).orderId;
}
