/**
 * How often something came in the last minute, by name, each second for itself: in no minute, wherever it begins, is there
 * more than the limit. Whatever names come, no more memory is taken: the one that came longest ago is forgotten.
 */

/** One more than a minute has, so that the second under way counts as a whole. */
const SECONDS = 61;

type Counts = { readonly bySecond: Uint16Array; total: number; second: number };

export type Place = {
  /** False: the limit is reached, and it was not counted. */
  readonly isFree: boolean;
  readonly limit: number;
  readonly left: number;
  /** Until there is room again. */
  readonly waitSeconds: number;
  /** It was none that counts. */
  giveBack(): void;
};

type Options = { readonly limit: number; readonly names: number; readonly now: () => number };

/** As every answer tells it. */
export const limitHeaders = ({ limit, left, waitSeconds }: Omit<Place, 'giveBack'>): Record<string, string> => ({
  'x-ratelimit-limit': String(limit),
  'x-ratelimit-remaining': String(left),
  'x-ratelimit-reset': String(waitSeconds),
});

export class MinuteCounts {
  readonly #options: Options;
  readonly #counts = new Map<string, Counts>();

  /** @param options `now` in milliseconds. */
  constructor(options: Options) {
    this.#options = options;
  }

  take(name: string): Place {
    const { limit } = this.#options;
    const second = Math.floor(this.#options.now() / 1_000);
    const counts = this.#of(name, second);
    const isFree = counts.total < limit;
    if (isFree) change(counts, second, 1);
    return {
      isFree,
      limit,
      left: limit - counts.total,
      waitSeconds: oldestOf(counts) + SECONDS - second,
      giveBack: () => {
        if (isFree && second > counts.second - SECONDS) change(counts, second, -1);
      },
    };
  }

  /** For tests: how many names are remembered. */
  get size(): number {
    return this.#counts.size;
  }

  #of(name: string, second: number): Counts {
    const counts = this.#counts.get(name) ?? { bySecond: new Uint16Array(SECONDS), total: 0, second };
    advance(counts, second);
    this.#counts.delete(name); // it comes last again
    this.#counts.set(name, counts);
    const [oldest] = this.#counts.keys();
    if (this.#counts.size > this.#options.names && oldest !== undefined) this.#counts.delete(oldest);
    return counts;
  }
}

function advance(counts: Counts, second: number): void {
  const passed = Math.min(second - counts.second, SECONDS);
  for (let step = 1; step <= passed; step += 1) {
    const at = (counts.second + step) % SECONDS;
    counts.total -= counts.bySecond[at] ?? 0;
    counts.bySecond[at] = 0;
  }
  counts.second = Math.max(counts.second, second);
}

function change(counts: Counts, second: number, by: 1 | -1): void {
  const at = second % SECONDS;
  counts.bySecond[at] = (counts.bySecond[at] ?? 0) + by;
  counts.total += by;
}

function oldestOf({ bySecond, second }: Counts): number {
  for (let one = second - SECONDS + 1; one < second; one += 1) if (bySecond[one % SECONDS]) return one;
  return second;
}
