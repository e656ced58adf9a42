/** Tells the tables which carriers somebody has a key for: what the plan owes follows from that. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Carriers } from '@lazada-sof/db';
import { type AskedCarrier, CARRIERS } from './carriers.ts';

export type AnnounceTools = {
  readonly ledger: Pick<Carriers, 'ask' | 'leaveAlone'>;
  readonly carriers: ReadonlyMap<string, AskedCarrier>;
  readonly log: Record<'info' | 'warn', (words: string, facts?: object) => unknown>;
  readonly againMs?: number;
};

/** Until it is told, or the service ends: the database may be away. */
export async function announce(tools: AnnounceTools, signal: AbortSignal): Promise<void> {
  const { ledger, carriers, log, againMs = 5_000 } = tools;
  for (const [name, { title, keySetting }] of Object.entries(CARRIERS))
    if (!carriers.has(name)) log.info(`${keySetting} is not set: ${title} is not asked`);
  while (!signal.aborted) {
    try {
      for (const name of Object.keys(CARRIERS)) await (carriers.has(name) ? ledger.ask(name) : ledger.leaveAlone(name));
      return;
    } catch (error) {
      log.warn('which carriers are asked cannot be written: tried again', { error });
      await sleep(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}
