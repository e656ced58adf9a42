/**
 * Tells the tables which carriers this process has a key for: what the plan owes follows from that. It is said again and again,
 * since it holds for an hour only; a process without a key says nothing, as another one may have it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Carriers, HeldOrders } from '@lazada-sof/db';
import { MINUTE, SECOND } from '@lazada-sof/orders';
import { type AskedCarrier, CARRIERS } from './carriers.ts';

export type AnnounceTools = {
  readonly ledger: Pick<Carriers, 'ask' | 'askOn'>;
  readonly carriers: ReadonlyMap<string, AskedCarrier>;
  readonly log: Record<'info' | 'warn', (words: string, facts?: object) => unknown>;
  /** How long until it is said again. */
  readonly everyMs?: number;
  /** The same where the database is away, or somebody holds an order that should be due. */
  readonly againMs?: number;
};

/** Until the service ends. */
export async function announce(tools: AnnounceTools, signal: AbortSignal): Promise<void> {
  const { ledger, carriers, log, everyMs = 5 * MINUTE, againMs = 5 * SECOND } = tools;
  for (const [name, { title, keySetting }] of Object.entries(CARRIERS))
    if (!carriers.has(name)) log.info(`${keySetting} is not set: ${title} is not asked by this process`);
  const held = new Map<string, HeldOrders>();
  while (carriers.size > 0 && !signal.aborted) {
    let pauseMs = everyMs;
    try {
      for (const name of carriers.keys()) {
        const before = held.get(name);
        held.set(name, await (before ? ledger.askOn(name, before) : ledger.ask(name)));
        if (held.get(name)?.length) pauseMs = againMs;
      }
    } catch (error) {
      log.warn('which carriers are asked cannot be written: tried again', { error });
      pauseMs = againMs;
    }
    await sleep(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
