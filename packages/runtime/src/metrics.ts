/**
 * The metrics by name, each made by the service that knows it. One registry per process is handed around. Numbers over
 * tables and queues are read when Prometheus asks; a read that fails leaves the metric out and the rest stands.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export type { Counter, Gauge, Histogram, Registry } from 'prom-client';

/** A registry with the process's own numbers (memory, event loop, file handles). */
export function createMetrics(): Registry {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry, eventLoopMonitoringPrecision: LOOP_LOOKED_AT_MS });
  return registry;
}

/** prom-client's own 10 wakes every process a hundred times a second, which is most of what an idle system does. */
const LOOP_LOOKED_AT_MS = 100;

/** Seconds from a quick SQL statement to a slow document. */
const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

/** Of a worker: how its jobs ended, and how long they took. `error_code` is empty for what went well. */
export const jobMetrics = (registry: Registry) => ({
  jobs: new Counter({
    name: 'sof_jobs_total',
    help: 'Jobs by how they ended.',
    labelNames: ['queue', 'outcome', 'error_code'],
    registers: [registry],
  }),
  seconds: new Histogram({
    name: 'sof_job_seconds',
    help: 'How long a job ran.',
    labelNames: ['queue'],
    buckets: SECONDS,
    registers: [registry],
  }),
});
export type JobMetrics = ReturnType<typeof jobMetrics>;

/** Of whoever calls Lazada or a carrier. */
export const outsideMetrics = (registry: Registry) => ({
  requests: new Counter({
    name: 'sof_http_requests_total',
    help: 'Calls to the outside by what came of them.',
    labelNames: ['api', 'account', 'outcome'],
    registers: [registry],
  }),
  seconds: new Histogram({
    name: 'sof_http_seconds',
    help: 'How long a call to the outside took.',
    labelNames: ['api'],
    buckets: SECONDS,
    registers: [registry],
  }),
});

/** Counts one request to the outside: hand it to whoever makes them. `outcome` is `ok` or the failure's code. */
export function countRequests(registry: Registry) {
  const { requests, seconds: durations } = outsideMetrics(registry);
  return ({
    api,
    account,
    outcome,
    seconds,
  }: {
    api: string;
    account: string;
    outcome: string;
    seconds: number;
  }): void => {
    requests.inc({ api, account, outcome });
    durations.observe({ api }, seconds);
  };
}

/** Of whoever is pushed to. `type`: Lazada's number of the kind of message. */
export const pushMetrics = (registry: Registry) => ({
  messages: new Counter({
    name: 'sof_push_messages_total',
    help: 'Messages that Lazada pushed, signed rightly, by what came of them.',
    labelNames: ['type', 'outcome'],
    registers: [registry],
  }),
});

/** Counts what a scheduler removed since it had been kept long enough. */
export function countRemoved(registry: Registry) {
  const counter = new Counter({
    name: 'sof_retention_removed_total',
    help: 'What was removed since it had been kept long enough: invoices, manifests, imports, events.',
    labelNames: ['what'],
    registers: [registry],
  });
  return (what: string, removed: number): void => counter.inc({ what }, removed);
}

/** From the moment at which a flag was set to the moment at which its status was accepted. */
export const flagToSent = (registry: Registry) =>
  new Histogram({
    name: 'sof_flag_to_sent_seconds',
    help: 'From a flag set by the host to its status accepted by the marketplace.',
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3_600, 86_400],
    registers: [registry],
  });

export type Reading = { readonly labels: Readonly<Record<string, string>>; readonly value: number };
type Read = () => Promise<readonly Reading[]>;

/** Gauges that are read when asked for, by metric name, with their labels. */
const READ = {
  sof_queue_jobs: { help: 'Jobs in a queue by state.', labels: ['queue', 'state'] },
  sof_oldest_waiting_seconds: { help: 'Age of the oldest job that waits in a queue.', labels: ['queue'] },
  sof_orders_open: {
    help: 'Orders for which something was asked and that have not ended, by status.',
    labels: ['status'],
  },
  sof_orders_held: { help: 'Orders with a step that a rule makes wait, by the first reason.', labels: ['reason'] },
  sof_steps_blocked: { help: "Steps given up, a person's turn.", labels: ['step'] },
  sof_invoices_open: { help: 'Orders whose invoice is not on the target yet, by invoice status.', labels: ['status'] },
  sof_orders_late: { help: "Orders not ready to ship though Lazada's deadline has passed.", labels: ['account'] },
  sof_orders_due_soon: { help: 'Orders not ready to ship whose deadline is within 4 hours.', labels: ['account'] },
  sof_token_expires_seconds: {
    help: "Until an account's Open Platform tokens end, unless its seller consents again.",
    labels: ['account'],
  },
  sof_index_missing: {
    help: 'Days whose index is not on the target at 06:00 account time.',
    labels: ['account'],
  },
  sof_carrier_budget_left: { help: 'Calls to a carrier that are left today.', labels: ['carrier'] },
  sof_scheduler_last_sweep_seconds: { help: "Since this scheduler's last sweep.", labels: [] },
} as const satisfies Record<string, { help: string; labels: readonly string[] }>;
export type ReadMetric = keyof typeof READ;

/** Registers a gauge whose values `read` answers whenever Prometheus asks. `onError` hears of a read that failed. */
export function readGauge(
  registry: Registry,
  name: ReadMetric,
  { read, onError }: { read: Read; onError: (error: unknown) => void },
): void {
  const { help, labels } = READ[name];
  new Gauge({
    name,
    help,
    labelNames: [...labels],
    registers: [registry],
    async collect() {
      this.reset();
      try {
        for (const reading of await read()) this.set({ ...reading.labels }, reading.value);
      } catch (error) {
        onError(error);
      }
    },
  });
}
