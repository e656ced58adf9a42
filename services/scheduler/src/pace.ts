/**
 * How fast each account's work is handed on: as its rates let it through, kind by kind. What would only wait for its turn
 * in a worker's hands waits in its row instead, each order at a place of its own in the account's line. Nothing of this
 * has to be remembered: a scheduler that starts anew hands on a few seconds' worth too much, and the places stand in the rows.
 */
import { HOUR, type MarketplaceApi, SECOND } from '@lazada-sof/orders';
import { perSecond, type Rates, type Work } from './work.ts';

export type Pace = {
  /** Its calls to that API are paused for so long, as the limiter says. */
  notePause(accountId: string, api: MarketplaceApi, ms: number): void;
  /** Its calls are paused: whatever was handed on would only come back. */
  isPaused(accountId: string, work: Work): boolean;
  /** Whether more of this work of the account may be handed on now. */
  isOpen(accountId: string, work: Work): boolean;
  /** One more was handed on. */
  passed(accountId: string, work: Work): void;
  /** In how many milliseconds one comes to its turn that stands in line from now on. */
  stand(accountId: string, work: Work): number;
};

/** So much is handed on ahead: workers have the next orders at hand, and no account's turn goes by unused. */
const AHEAD_MS = 5 * SECOND;
/** Nobody is sent further back: by then rates and backlogs are others. */
const LONGEST_MS = HOUR;

type Lane = {
  /** When all that was handed on will be through, as the rate has it. */
  handedOn: number;
  /** The last place in the line. */
  end: number;
};

export type PaceOptions = {
  readonly rates: Rates;
  readonly clock?: () => number;
  /** In [0, 1). */
  readonly random?: () => number;
};

export function createPace({ rates, clock = () => performance.now(), random = Math.random }: PaceOptions): Pace {
  const lanes = new Map<string, Lane>();
  const pausedUntil = new Map<string, number>();
  const pauseEnd = (accountId: string, { api }: Work) => pausedUntil.get(`${accountId} ${api}`) ?? 0;
  const laneOf = (accountId: string, { name }: Work): Lane => {
    const key = `${accountId} ${name}`;
    const lane = lanes.get(key) ?? { handedOn: 0, end: 0 };
    lanes.set(key, lane);
    return lane;
  };
  return {
    notePause: (accountId, api, ms) => void pausedUntil.set(`${accountId} ${api}`, clock() + ms),
    isPaused: (accountId, work) => pauseEnd(accountId, work) > clock(),
    isOpen: (accountId, work) => laneOf(accountId, work).handedOn - clock() < aheadMs(work, rates),
    passed(accountId, work) {
      const lane = laneOf(accountId, work);
      const now = clock();
      if (nobodyCame(lane, pauseEnd(accountId, work), now)) lane.end = now;
      // Who comes again has been counted before: as many as there are, the others wait no longer than for what is ahead.
      lane.handedOn = Math.min(Math.max(lane.handedOn, now), now + aheadMs(work, rates)) + intervalMs(work, rates);
    },
    stand(accountId, work) {
      const lane = laneOf(accountId, work);
      const now = clock();
      const opens = Math.max(lane.handedOn - aheadMs(work, rates), pauseEnd(accountId, work), now);
      const at = Math.max(lane.end, opens) + intervalMs(work, rates);
      if (at - now > LONGEST_MS) return Math.round(LONGEST_MS * (0.5 + random() / 2));
      lane.end = at;
      return Math.ceil(at - now);
    },
  };
}

/** Its turns went by unused: nobody stands in line any more. After a pause those who do come one turn after the other. */
const nobodyCame = ({ handedOn }: Lane, pauseEnd: number, now: number): boolean =>
  now - Math.max(handedOn, pauseEnd) >= AHEAD_MS;

const intervalMs = (work: Work, rates: Rates) => SECOND / perSecond(work, rates);
/** Never less than what one call takes. */
const aheadMs = (work: Work, rates: Rates) => Math.max(AHEAD_MS, work.perCall * intervalMs(work, rates));
