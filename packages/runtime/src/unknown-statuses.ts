/**
 * Item statuses that no rule of ours knows: counted by name, and told in the log once a day for each account and name, by
 * each process. What Lazada may write there has no bounds; the labels and the lines that come of it have.
 */
import { Counter, type Registry } from 'prom-client';
import type { Logger } from './logger.ts';

export type UnknownStatus = { readonly account: string; readonly status: string };

const DAY_MS = 24 * 60 * 60 * 1_000;
const LONGEST = 64;
/** Beyond these names all are counted together. */
const MOST_NAMES = 50;
/** Beyond these lines a day no further account and name is told. */
const MOST_LINES = 1_000;

/** Hand it to whoever reads items: it is to hear of every unknown status that is read. */
export function watchUnknownStatuses(
  { metrics, log }: { metrics: Registry; log: Logger },
  clock: () => number = () => performance.now(),
): (seen: UnknownStatus) => void {
  const counter = new Counter({
    name: 'sof_unknown_statuses_total',
    help: 'Items read with a status that this version does not know, by its name.',
    labelNames: ['status'],
    registers: [metrics],
  });
  const nameOf = boundedNames();
  const isNews = oncePerDay(clock);
  return ({ account, status }) => {
    const name = nameOf(status);
    counter.inc({ status: name });
    if (!isNews(`${account} ${name}`)) return;
    const shown = status.trim().slice(0, LONGEST);
    log.warn('Lazada shows an item status that this version does not know: it moves nothing', {
      account,
      status: name === 'other' ? shown : name,
    });
  };
}

/** A status as a label: `none` where it is empty, `other` where it is no name, or one too many. */
function boundedNames(): (status: string) => string {
  const names = new Set<string>();
  return (status) => {
    const name = status.trim().toLowerCase();
    if (name === '') return 'none';
    if (name.length > LONGEST || !/^[a-z0-9][a-z0-9_.: -]*$/.test(name)) return 'other';
    if (names.size < MOST_NAMES) names.add(name);
    return names.has(name) ? name : 'other';
  };
}

function oncePerDay(clock: () => number): (key: string) => boolean {
  const toldAt = new Map<string, number>();
  return (key) => {
    const now = clock();
    const last = toldAt.get(key);
    if (last !== undefined && now - last < DAY_MS) return false;
    if (toldAt.size >= MOST_LINES) for (const [known, at] of toldAt) if (now - at >= DAY_MS) toldAt.delete(known);
    if (toldAt.size >= MOST_LINES && !toldAt.has(key)) return false;
    toldAt.set(key, now);
    return true;
  };
}
