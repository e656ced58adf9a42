/**
 * One call to a carrier: where the day's budget has room, in its turn, counted. Where the carrier says that it was asked too
 * often, or refuses our key, all processes leave it alone for a while; that is nothing of the parcel's, and costs it no try.
 */
import type { Allowance, Carriers } from '@lazada-sof/db';
import {
  asFailure,
  boundedWait,
  type CarrierShipment,
  DAY,
  Failure,
  HOUR,
  type Limiter,
  type LimitKey,
  MINUTE,
  SECOND,
} from '@lazada-sof/orders';
import type { countRequests, Logger } from '@lazada-sof/runtime';
import type { AskedCarrier } from './carriers.ts';

export type AskTools = {
  readonly ledger: Pick<Carriers, 'mayAsk' | 'takeCall' | 'stop'>;
  readonly limiter: Limiter;
  readonly onRequest?: ReturnType<typeof countRequests>;
  readonly log?: Pick<Logger, 'warn' | 'error'>;
  /** In [0, 1): spreads those that wait for the same moment. */
  readonly random?: () => number;
};
/** For whom, in metrics. */
export type Question = { readonly number: string; readonly account: string };
export type Ask = (asked: AskedCarrier, question: Question, signal: AbortSignal) => Promise<readonly CarrierShipment[]>;

/** A key that is refused is tried again so soon: it may have been given its rights meanwhile. */
const KEY_REFUSED_MS = HOUR;

export function askCarrier(tools: AskTools): Ask {
  const { ledger, limiter, log, onRequest, random = Math.random } = tools;

  /** @throws Failure where it may not be asked now */
  const allow = (asked: AskedCarrier, allowance: Allowance) => {
    if (!allowance.may) throw putOff(asked, allowance, random());
  };

  return async (asked, { number, account }, signal) => {
    const { carrier, perDay } = asked;
    const key: LimitKey = { api: 'carrier', accountId: carrier.name };
    // Who finds nothing left waits for no turn.
    allow(asked, await ledger.mayAsk(carrier.name, perDay));
    await limiter.take(key, signal);
    allow(asked, await ledger.takeCall(carrier.name, perDay));
    const started = performance.now();
    const tell = (outcome: string) => {
      onRequest?.({ api: carrier.name, account, outcome, seconds: (performance.now() - started) / 1_000 });
    };
    try {
      const shipments = await carrier.track(number, signal);
      tell('ok');
      void limiter.report(key, 'ok');
      return shipments;
    } catch (error) {
      signal.throwIfAborted();
      const failure = asFailure(error);
      tell(failure.code);
      void limiter.report(key, failure.kind === 'transient' ? 'failed' : 'ok');
      allow(asked, await stopped(asked, failure));
      throw failure;
    }
  };

  /** What the carrier's answer means for everybody who would ask it. */
  async function stopped({ carrier }: AskedCarrier, failure: Failure): Promise<Allowance> {
    const { name, title } = carrier;
    if (failure.kind === 'rate-limited') {
      const { waitMs } = failure;
      log?.warn(`${title} was asked too often: nobody asks it for a while`, { carrier: name, error: failure });
      return ledger.stop(name, 'quota', waitMs === undefined ? null : Math.max(SECOND, boundedWait(waitMs)));
    }
    if (failure.kind !== 'misconfigured') return { may: true };
    log?.error(`${title} refuses our key: it is asked again in an hour`, { carrier: name, error: failure });
    return ledger.stop(name, 'key', KEY_REFUSED_MS);
  }
}

type Refused = Extract<Allowance, { may: false }>;

const WORDS: Readonly<Record<Refused['because'], (asked: AskedCarrier, until: string) => string>> = {
  budget: ({ perDay }, until) => `its budget of ${perDay} calls a day is spent, it is asked again after ${until}`,
  quota: (_asked, until) => `it says that it was asked too often, nobody asks it before ${until}`,
  key: (_asked, until) =>
    `it refuses our key and is asked again at ${until}; correct the key and start carrier-poll again to ask it at once`,
};

/** Those that wait for midnight come back over an hour, others over a minute. */
function putOff(asked: AskedCarrier, { because, until, waitMs }: Refused, random: number): Failure {
  const spreadMs = until.getTime() % DAY === 0 ? HOUR : MINUTE;
  const words = `${asked.carrier.title}: ${WORDS[because](asked, until.toISOString())}`;
  return new Failure('rate-limited', words, {
    code: `carrier_${because}`,
    waitMs: waitMs + Math.round(random * spreadMs),
  });
}
