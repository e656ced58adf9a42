/** Rate limits, where a script set some: Lazada's own are not known beforehand. */
import { performance } from 'node:perf_hooks';
import type { Call } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { SimulatorState } from '../server/simulator-state.ts';
import type { Account, RateLimit } from '../world/model.ts';

const MESSAGES: Record<RateLimit['answer'], (limit: RateLimit) => string> = {
  ApiCallLimit: ({ banSeconds }) => `Api access frequency exceeds the limit. this ban will last ${banSeconds} seconds`,
  SellerCallLimit: () => 'The seller has called this API too often',
  AppCallLimit: () => 'The app has called this API too often',
  '429': () => 'Too many requests',
};

/** @throws Refusal where this call is one more than a limit allows in the second that ends with it */
export function checkLimits(state: SimulatorState, call: Call, account: Account): void {
  for (const limit of state.world.behaviour.limits) {
    if ((limit.account ?? account.sellerId) !== account.sellerId) continue;
    if ((limit.call ?? call.name) !== call.name) continue;
    const calls = state.counter.callsInLastSecond(account.sellerId, limit.call, call.api, performance.now());
    if (calls > limit.perSecond)
      throw new Refusal('rate_limited', limit.answer, MESSAGES[limit.answer](limit), { asked: true });
  }
}
