/** What was asked, refused and accepted, in numbers: tests judge the system by these and not by its own logs. */

import type { Accepted } from '../world/model.ts';
import type { Call } from './call.ts';
import type { Refused } from './refusal.ts';
import { SlidingSecond } from './sliding-second.ts';

type Tally = Record<string, number>;
export type BatchCount = { calls: number; elements: number; largest: number; sizes: Tally };

export type Counts = {
  calls: Tally;
  /** What Lazada would have refused too. */
  refusals: Tally;
  refusalsByCall: Record<string, Tally>;
  /** What a script, a limit or a control call told the simulator to refuse. */
  askedRefusals: Tally;
  /** Statuses that were accepted, by status; a second one of the same package is in `duplicates` too. */
  accepted: Tally;
  duplicates: number;
  duplicatesByStatus: Tally;
  /** `delivered` or `not_delivered` reported for a package that was not shipped. Those are refused. */
  endedWithoutShipped: number;
  /** Posts about one tracking number that came while another one about it was not answered yet. */
  overlapping: number;
  batches: Record<string, BatchCount>;
  /** The most calls of one account in any one second: by call, by API, and over all. */
  peak: { byCall: Tally; byApi: Tally; max: number };
  faults: number;
  /** Fetches of what an HTML invoice would load if it were rendered with network. */
  beacons: number;
  /** Fetches of the PDF that an iframe points at. */
  links: number;
};

export class Counter {
  #counts: Counts = none();
  #seconds = new SlidingSecond();

  called(call: Call, at: number): void {
    bump(this.#counts.calls, call.name);
    const account = call.account ?? '';
    this.#peak(this.#counts.peak.byCall, call.name, this.#seconds.note(`${account}|${call.name}`, at));
    this.#peak(this.#counts.peak.byApi, call.api, this.#seconds.note(`${account}|${call.api}|`, at));
  }

  /** How many calls of this account fell into the second before now, of one call or of a whole API. */
  callsInLastSecond(account: string, name: string | null, api: string, at: number): number {
    return this.#seconds.count(name ? `${account}|${name}` : `${account}|${api}|`, at);
  }

  refused(call: Call, { reason, asked }: Refused): void {
    bump(asked ? this.#counts.askedRefusals : this.#counts.refusals, reason);
    if (asked) return;
    bump(entryOf(this.#counts.refusalsByCall, call.name, {}), reason);
  }

  accepted({ status, duplicate }: Accepted): void {
    bump(this.#counts.accepted, status);
    if (!duplicate) return;
    this.#counts.duplicates += 1;
    bump(this.#counts.duplicatesByStatus, status);
  }

  batch(call: Call): void {
    if (call.elements === null) return;
    const batch = entryOf(this.#counts.batches, call.name, { calls: 0, elements: 0, largest: 0, sizes: {} });
    batch.calls += 1;
    batch.elements += call.elements;
    batch.largest = Math.max(batch.largest, call.elements);
    bump(batch.sizes, String(call.elements));
  }

  increment(what: 'endedWithoutShipped' | 'overlapping' | 'faults' | 'beacons' | 'links'): void {
    this.#counts[what] += 1;
  }

  read(): Counts {
    return structuredClone(this.#counts);
  }

  reset(): void {
    this.#counts = none();
    this.#seconds = new SlidingSecond();
  }

  #peak(tally: Tally, key: string, calls: number): void {
    tally[key] = Math.max(tally[key] ?? 0, calls);
    this.#counts.peak.max = Math.max(this.#counts.peak.max, calls);
  }
}

function bump(tally: Tally, key: string): void {
  tally[key] = (tally[key] ?? 0) + 1;
}

/** The entry under that name; the first time, the one given. */
function entryOf<Entry>(entries: Record<string, Entry>, name: string, first: Entry): Entry {
  const entry = entries[name] ?? first;
  entries[name] = entry;
  return entry;
}

function none(): Counts {
  return {
    calls: {},
    refusals: {},
    refusalsByCall: {},
    askedRefusals: {},
    accepted: {},
    duplicates: 0,
    duplicatesByStatus: {},
    endedWithoutShipped: 0,
    overlapping: 0,
    batches: {},
    peak: { byCall: {}, byApi: {}, max: 0 },
    faults: 0,
    beacons: 0,
    links: 0,
  };
}
