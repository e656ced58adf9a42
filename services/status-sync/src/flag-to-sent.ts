/** From the host's flag to the marketplace's yes: what a seller feels of the whole system. */
import type { Events } from '@lazada-sof/db';
import type { SentStatus } from '@lazada-sof/orders';
import { flagToSent, type Logger, type Registry } from '@lazada-sof/runtime';

type Tools = { readonly metrics: Registry; readonly events: Pick<Events, 'secondsSinceFlag'>; readonly log: Logger };

/** Observes each accepted end beside the work; a look that fails costs a number and nothing else. */
export function observeFlagToSent({ metrics, events, log }: Tools) {
  const seconds = flagToSent(metrics);
  return (orderId: string, status: SentStatus): void => {
    if (status === 'shipped') return;
    events.secondsSinceFlag(orderId).then(
      (since) => since !== null && seconds.observe(since),
      (error: unknown) => log.warn('the time from flag to sent is not known', { error }),
    );
  };
}
