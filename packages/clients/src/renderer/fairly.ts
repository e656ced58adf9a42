/** Places that askers share: however much one of them asks for, it holds one place, and the others' next comes before its next. */
import pLimit, { type LimitFunction } from 'p-limit';

/** `asker`: an account, as a rule; whoever has no name waits for a place alone. */
export type Fairly = <T>(asker: string | undefined, work: () => Promise<T>) => Promise<T>;

type Lane = { readonly limit: LimitFunction; waiting: number };

export function fairly(places: number): Fairly {
  const all = pLimit(places);
  const lanes = new Map<string, Lane>();
  return async (asker, work) => {
    if (asker === undefined) return all(work);
    const lane = lanes.get(asker) ?? { limit: pLimit(1), waiting: 0 };
    lanes.set(asker, lane);
    lane.waiting += 1;
    try {
      return await lane.limit(() => all(work));
    } finally {
      lane.waiting -= 1;
      if (lane.waiting === 0) lanes.delete(asker);
    }
  };
}
