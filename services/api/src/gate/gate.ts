/**
 * What stands before anybody is known. Of the requests from one address that bring no key or session that works a thousand a
 * minute are looked at (of IPv6 of one /64, and of a /48 ten times as many); the others are told to wait before anything is looked up. A key or session that worked a moment ago
 * passes all the same: whoever shares an address with an attacker works on.
 */
import { createHash } from 'node:crypto';
import { Problem } from '../problem.ts';
import { limitHeaders, type Place } from './minute-counts.ts';
import { NetworkCounts } from './network-counts.ts';
import { Recently } from './recently.ts';

export const UNKNOWN_PER_MINUTE = 1_000;
/** Each takes some hundred bytes. */
const NETWORKS = 20_000;
const WORKED_FOR_MS = 60_000;
const WORKED = 10_000;

export type Asked<Who> = {
  /** Of the client's address. */
  readonly network: string;
  /** Null: it brings nothing that could be a key or session of ours. */
  readonly credential: string | null;
  /** Asks the database whose that is. Null: here nobody needs to know. */
  readonly find: ((credential: string) => Promise<Who | null>) | null;
};

export type Entry<Who> = {
  /** Null: nobody that is known, or nobody asked. */
  readonly who: Who | null;
  /** By which a key or session that works is counted from here on; null: it was counted by its address. */
  readonly countedAs: string | null;
  readonly headers: Readonly<Record<string, string>>;
};

export type Gate = {
  /** @throws Problem 429, before anything is looked up; and what `find` throws */
  enter<Who>(asked: Asked<Who>): Promise<Entry<Who>>;
  /** Counts what is nobody's, where something else than a key or session opens; back where it is somebody's. @throws Problem 429 */
  countUnknown(network: string): Pick<Place, 'giveBack'>;
};

/** @param now in milliseconds, of a clock that only goes forward. */
export function openGate(now: () => number = () => performance.now()): Gate {
  const unknown = new NetworkCounts({ limit: UNKNOWN_PER_MINUTE, names: NETWORKS, now });
  const worked = new Recently({ forMs: WORKED_FOR_MS, most: WORKED, now });
  /** Keys and sessions that are being looked up. */
  const underWay = new Map<string, Promise<unknown>>();

  /** Counted before it is looked at, so that many at once are counted too. */
  function take(network: string): Place {
    const place = unknown.take(network);
    if (!place.isFree) throw tooMany(place);
    return place;
  }

  async function lookUp<Who>(name: string, find: () => Promise<Who | null>): Promise<Who | null> {
    const looking = find().then((who) => {
      if (who === null) worked.forget(name);
      else worked.note(name);
      return who;
    });
    underWay.set(name, looking);
    try {
      return await looking;
    } catch (error) {
      // While the database is away nothing says that it no longer works.
      if (worked.has(name)) worked.note(name);
      throw error;
    } finally {
      if (underWay.get(name) === looking) underWay.delete(name);
    }
  }

  return {
    async enter({ network, credential, find }) {
      if (credential === null) return counted(take(network));
      const name = nameOf(credential);
      // Many at once of a key that works are not taken for many of a key that does not.
      const first = worked.has(name) ? undefined : underWay.get(name);
      if (first) await first.catch(() => undefined);
      const isKnown = worked.has(name);
      const place = isKnown ? null : take(network);
      if (!find) return place ? counted(place) : { who: null, countedAs: name, headers: {} };
      const who = await lookUp(name, () => find(credential));
      if (who === null) return counted(place ?? take(network));
      place?.giveBack();
      return { who, countedAs: name, headers: {} };
    },
    countUnknown: take,
  };
}

/** Nobody who reads the memory of this process comes in with what it remembers. */
const nameOf = (credential: string): string => createHash('sha256').update(credential).digest('base64url');

const counted = (place: Place): Entry<never> => ({ who: null, countedAs: null, headers: limitHeaders(place) });

const tooMany = (place: Place): Problem =>
  new Problem(
    429,
    `From your address${place.limit > UNKNOWN_PER_MINUTE ? ' and others of its /48' : ''} came ${place.limit} requests in a minute that brought no key or session that works: send one that does, or wait ${place.waitSeconds} s.`,
    { headers: { ...limitHeaders(place), 'retry-after': String(place.waitSeconds) } },
  );
