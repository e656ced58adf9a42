/** What Prometheus is told of the queues, read when it asks. */
import { type Logger, type Registry, readGauge } from '@lazada-sof/runtime';
import { QUEUES } from './contract.ts';
import type { Producer } from './producer.ts';

/** Registers `sof_queue_jobs` and `sof_oldest_waiting_seconds`. One process of a system is enough to serve them. */
export function registerQueueMetrics({
  registry,
  producer,
  log,
}: {
  registry: Registry;
  producer: Pick<Producer, 'counts' | 'oldestWaitingSeconds'>;
  log: Logger;
}): void {
  const onError = (error: unknown) => log.warn('the queues cannot be counted', { error });
  readGauge(registry, 'sof_queue_jobs', { read: () => jobsByState(producer), onError });
  readGauge(registry, 'sof_oldest_waiting_seconds', { read: () => oldestWaiting(producer), onError });
}

async function jobsByState(producer: Pick<Producer, 'counts'>) {
  const readings = await Promise.all(
    QUEUES.map(async (queue) =>
      Object.entries(await producer.counts(queue)).map(([state, value]) => ({ labels: { queue, state }, value })),
    ),
  );
  return readings.flat();
}

const oldestWaiting = (producer: Pick<Producer, 'oldestWaitingSeconds'>) =>
  Promise.all(QUEUES.map(async (queue) => ({ labels: { queue }, value: await producer.oldestWaitingSeconds(queue) })));
