/** How orders and queues stand, for Prometheus. Several api processes tell the same numbers: take the maximum. */
import type { Db, Gauges } from '@lazada-sof/db';
import { type Producer, registerQueueMetrics } from '@lazada-sof/queue';
import { type Logger, type ReadMetric, type Registry, readGauge } from '@lazada-sof/runtime';

const OF_TABLES = [
  ['sof_orders_open', 'status', 'open'],
  ['sof_orders_held', 'reason', 'held'],
  ['sof_steps_blocked', 'step', 'blocked'],
  ['sof_invoices_open', 'status', 'invoicesOpen'],
  ['sof_orders_late', 'account', 'late'],
  ['sof_orders_due_soon', 'account', 'dueSoon'],
  ['sof_token_expires_seconds', 'account', 'tokenEndsInSeconds'],
  ['sof_index_missing', 'account', 'indexesMissing'],
] as const satisfies readonly (readonly [ReadMetric, string, keyof Gauges])[];

export function registerGauges({
  metrics,
  db,
  producer,
  log,
}: {
  metrics: Registry;
  db: Pick<Db, 'gauges'>;
  producer: Producer;
  log: Logger;
}): void {
  registerQueueMetrics({ registry: metrics, producer, log });
  const gauges = atOnce(() => db.gauges());
  for (const [name, label, part] of OF_TABLES) {
    readGauge(metrics, name, {
      read: async () =>
        Object.entries((await gauges())[part]).map(([key, value]) => ({ labels: { [label]: key }, value })),
      onError: (error) => log.warn(`${name} cannot be read`, { error }),
    });
  }
}

/** Prometheus asks for all gauges in one breath: they share one read. */
function atOnce<Value>(read: () => Promise<Value>): () => Promise<Value> {
  let underWay: Promise<Value> | undefined;
  return () => {
    underWay ??= read().finally(() => {
      underWay = undefined;
    });
    return underWay;
  };
}
