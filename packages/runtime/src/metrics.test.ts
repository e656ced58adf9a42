import { expect, test } from '@jest/globals';
import { createMetrics, flagToSent, jobMetrics, outsideMetrics, readGauge } from './metrics.ts';

const never = (error: unknown) => {
  throw error;
};

test('jobs and outside calls are counted under their names and labels', async () => {
  const registry = createMetrics();
  const { jobs, seconds } = jobMetrics(registry);
  jobs.inc({ queue: 'status-sync', outcome: 'done', error_code: '' });
  seconds.observe({ queue: 'status-sync' }, 0.02);
  outsideMetrics(registry).requests.inc({ api: 'sofp', account: 'shop-7', outcome: 'ok' });
  flagToSent(registry).observe(0.3);
  const page = await registry.metrics();
  expect(page).toContain('sof_jobs_total{queue="status-sync",outcome="done",error_code=""} 1');
  expect(page).toContain('sof_job_seconds_bucket{le="0.025",queue="status-sync"} 1');
  expect(page).toContain('sof_http_requests_total{api="sofp",account="shop-7",outcome="ok"} 1');
  expect(page).toContain('sof_flag_to_sent_seconds_count 1');
  expect(page).toContain('process_resident_memory_bytes');
});

test('a gauge is read when it is asked for, and a label that is gone disappears', async () => {
  const registry = createMetrics();
  let held = [{ labels: { reason: 'conflict' }, value: 2 }];
  readGauge(registry, 'sof_orders_held', { read: async () => held, onError: never });
  expect(await registry.metrics()).toContain('sof_orders_held{reason="conflict"} 2');
  held = [{ labels: { reason: 'too_early' }, value: 1 }];
  const page = await registry.metrics();
  expect(page).toContain('sof_orders_held{reason="too_early"} 1');
  expect(page).not.toContain('conflict');
});

test('a read that fails leaves the other metrics standing and is told', async () => {
  const registry = createMetrics();
  const errors: unknown[] = [];
  readGauge(registry, 'sof_steps_blocked', {
    read: () => Promise.reject(new Error('no database')),
    onError: (error) => errors.push(error),
  });
  expect(await registry.metrics()).toContain('process_resident_memory_bytes');
  expect(errors).toEqual([new Error('no database')]);
});
