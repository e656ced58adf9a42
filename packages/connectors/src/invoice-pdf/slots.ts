/** So many at once, the others in the order in which they came. */
import { abortReason } from '../calls/abort.ts';

export type Slots = { take<T>(work: () => Promise<T>, signal?: AbortSignal): Promise<T> };

export function openSlots(count: number): Slots {
  let free = count;
  const waiting: (() => void)[] = [];
  return {
    async take(work, signal) {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
      try {
        if (signal?.aborted) throw abortReason(signal);
        return await work();
      } finally {
        const next = waiting.shift();
        if (next) next();
        else free += 1;
      }
    },
  };
}
