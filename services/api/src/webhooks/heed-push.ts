/**
 * What is done about a push that is signed rightly: its orders are looked at again, ending tokens are warned of. A message that
 * came before does nothing; it is remembered only once it has had its effect.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Db } from '@lazada-sof/db';
import { consentAgain, type Push, TOKENS_END } from '@lazada-sof/orders';
import type { Logger } from '@lazada-sof/runtime';

const HOUR_MS = 60 * 60 * 1_000;
/** Lazada repeats twelve times, half an hour apart. */
const REPEATED_FOR_MS = 7 * HOUR_MS;
/** A warning comes once a day and is told once a day. */
const WARNED_FOR_MS = 20 * HOUR_MS;

/** Somebody holds the order's rows. The daily look finds what is given up. */
const MOST_TRIES = 10;

export type PushTools = { readonly pushes: Db['pushes']; readonly log: Logger };

/** What became of it, for the metric. */
export type Heeded = 'heeded' | 'duplicate' | 'nothing_to_do' | 'given_up';

/** `signers`: the apps whose secret fits; each of them has said it. */
export async function heedPush(push: Push, signers: readonly string[], tools: PushTools): Promise<Heeded> {
  const heeded: Heeded[] = [];
  for (const appKey of signers) heeded.push(await heedOf(appKey, push, tools));
  return heeded.find((one) => one === 'heeded') ?? heeded[0] ?? 'nothing_to_do';
}

async function heedOf(appKey: string, push: Push, tools: PushTools): Promise<Heeded> {
  const { pushes } = tools;
  const { type, orderNumber, sameAs } = push;
  if (type !== TOKENS_END && orderNumber === null) return 'nothing_to_do';
  if (await pushes.cameBefore(appKey, sameAs)) return 'duplicate';
  const effects = type === TOKENS_END ? await warn(appKey, tools) : await wakeAll(appKey, orderNumber ?? '', tools);
  // Not remembered: where Lazada repeats it, the rows may be free.
  if (effects === 'given_up') return effects;
  await pushes.remember(appKey, sameAs, type === TOKENS_END ? WARNED_FOR_MS : REPEATED_FOR_MS);
  await pushes.forget();
  return effects > 0 ? 'heeded' : 'nothing_to_do';
}

async function warn(appKey: string, { pushes, log }: PushTools): Promise<number> {
  const accounts = await pushes.accountsOf(appKey);
  for (const account of accounts)
    log.warn('Lazada says that tokens of this account’s app end within 48 hours', {
      account,
      fix: `they are refreshed by themselves where they can be; else ${consentAgain(account)}`,
    });
  return accounts.length;
}

async function wakeAll(appKey: string, orderNumber: string, { pushes }: PushTools): Promise<number | 'given_up'> {
  const orderIds = await pushes.ordersOf(appKey, orderNumber);
  const woken = await Promise.all(orderIds.map((orderId) => wake(orderId, pushes)));
  return woken.every(Boolean) ? orderIds.length : 'given_up';
}

async function wake(orderId: string, pushes: PushTools['pushes']): Promise<boolean> {
  for (let tries = 0; tries < MOST_TRIES; tries += 1) {
    if (await pushes.wake(orderId)) return true;
    await sleep(500);
  }
  return false;
}
