/** Our clock against another's. */
import type { Config } from '@lazada-sof/runtime';
import { type Finding, good, odd, red } from './finding.ts';
import type { Room } from './rooms.ts';

/** What another's clock said, and ours before and after it was asked. */
export type Reading = {
  readonly theirs: Date;
  readonly askedAt: Date;
  readonly answeredAt: Date;
  /** It tells the time cut off to so much. */
  readonly resolutionMs: number;
};

const CHECK = 'clock (Lazada)';

/** Statuses carry our time, and tokens end by it. Lazada itself refuses calls only when they are two hours off. */
const RED_MS = 60_000;
const ODD_MS = 5_000;
const LAZADA_REFUSES = 'Lazada refuses calls that are two hours off, and the times of statuses are told by this clock';
const SET_IT =
  'let this machine keep its time by NTP (timedatectl, chrony; of a container: the machine that it runs on)';

/** How far ours is ahead, by the least that the reading allows; below 0: behind. */
export function aheadMs({ theirs, askedAt, answeredAt, resolutionMs }: Reading): number {
  const [earliest, latest] = [theirs.getTime(), theirs.getTime() + resolutionMs];
  if (askedAt.getTime() > latest) return askedAt.getTime() - latest;
  if (answeredAt.getTime() < earliest) return answeredAt.getTime() - earliest;
  return 0;
}

export function clockFinding({ check, whose }: { check: string; whose: string }, reading: Reading): Finding {
  const ahead = aheadMs(reading);
  const off = Math.abs(ahead);
  if (off <= ODD_MS) return good(check, `ours and that of ${whose} agree`);
  const how = `ours is ${inWords(off)} ${ahead > 0 ? 'ahead of' : 'behind'} that of ${whose}`;
  return off > RED_MS ? red(check, `${how}; ${LAZADA_REFUSES}`, SET_IT) : odd(check, how, SET_IT);
}

function inWords(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return seconds < 7_200 ? `${Math.round(seconds / 60)} min` : `${Math.round(seconds / 3_600)} h`;
}

/** Against Lazada, or what stands in its place. */
export const clockRoom = ({ restUrl, authUrl }: Config<'lazada'>['lazada']): Room => ({
  name: CHECK,
  limitMs: 20_000,
  fix: 'look at LAZADA_AUTH_URL and LAZADA_REST_URL, and whether this machine may reach that host (a firewall, DNS)',
  async look(signal) {
    const { readServerDate } = await import('@lazada-sof/connectors');
    // Every installation has to reach the host of the tokens; which of the countries' hosts, its accounts say.
    const url = restUrl ?? authUrl;
    const { host } = new URL(url);
    const { theirs, ...ours } = await readServerDate(url, { signal });
    if (!theirs) return [odd(CHECK, `${host} answered without a Date header that can be read`)];
    return [clockFinding({ check: CHECK, whose: host }, { theirs, ...ours, resolutionMs: 1_000 })];
  },
});
