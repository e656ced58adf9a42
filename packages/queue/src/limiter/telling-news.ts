/**
 * A store that is told of a success only where it is news. Nearly all calls go well, and a round trip for each of them would
 * say nothing: failures that are noted are told with a slot.
 *
 * A success is not told where a slot said less than a second before that nothing is noted, and this process has noted nothing
 * since. So failures count in a row over all processes, but for one thing: those that another process notes within that second
 * are not forgotten by it, and an account may be paused a few failures early. It is never paused late.
 */
import { SECOND } from '@lazada-sof/orders';
import type { SlotStore } from './slot-store.ts';

/** So long it is believed that nothing is noted of an account. */
const BELIEVED_MS = SECOND;

export function tellingNews(store: SlotStore, clock: () => number): SlotStore {
  const beliefs = createBeliefs();
  return {
    ...store,
    async take(keys, reservation) {
      const at = clock();
      const taken = await store.take(keys, reservation);
      if (taken.kind === 'go') beliefs.learn(keys.account, { at, troubled: taken.troubled });
      return taken;
    },
    async succeeded(name) {
      const at = clock();
      const belief = beliefs.of(name);
      if (belief && !belief.troubled && at - belief.at < BELIEVED_MS) return;
      await store.succeeded(name);
      beliefs.learn(name, { at, troubled: false });
    },
    async failed(name, pausesMs) {
      beliefs.learn(name, { at: clock(), troubled: true });
      const ms = await store.failed(name, pausesMs);
      // Once more: a slot that was asked for meanwhile may have been answered before this was noted.
      beliefs.learn(name, { at: clock(), troubled: true });
      return ms;
    },
  };
}

/** `at`: when the store was asked, so that answers which overtake each other do no harm. */
type Belief = { readonly at: number; readonly troubled: boolean };

function createBeliefs() {
  const known = new Map<string, Belief>();
  return {
    of: (name: string) => known.get(name),
    learn(name: string, belief: Belief) {
      const before = known.get(name);
      if (!before || before.at < belief.at || belief.troubled) known.set(name, belief);
    },
  };
}
