import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createMetrics, type Registry } from '@lazada-sof/runtime';
import { openWorkerStage, recordedLog, type WorkerStage } from '@lazada-sof/testkit';
import { observeFlagToSent } from './flag-to-sent.ts';

let stage: WorkerStage;
let metrics: Registry;
let asked: Promise<unknown>[];
let recorded: ReturnType<typeof recordedLog>;
beforeAll(async () => {
  stage = await openWorkerStage('status-sync');
});
afterAll(() => stage.close());
beforeEach(() => {
  metrics = createMetrics();
  recorded = recordedLog();
  asked = [];
});

const observer = () => {
  const secondsSinceFlag = (orderId: string) => {
    const seconds = stage.db.events.secondsSinceFlag(orderId);
    asked.push(seconds);
    return seconds;
  };
  return observeFlagToSent({ metrics, events: { secondsSinceFlag }, log: recorded.log });
};
/** It works beside the caller: once what it asked for is answered, it needs one more turn. */
const settled = async () => {
  await Promise.allSettled(asked);
  await new Promise(setImmediate);
};
const counted = async () => Number(/flag_to_sent_seconds_count (\d+)/.exec(await metrics.metrics())?.[1]);

async function order({ flagged }: { flagged: boolean }): Promise<string> {
  const { orderId } = await stage.order(await stage.addOrder());
  if (flagged) await stage.sql('update public.order_lazada set update_delivered = 1 where order_id = $1', [orderId]);
  return orderId;
}

test.each([
  { says: 'an end that the host asked for is counted', flagged: true, status: 'delivered', count: 1 },
  { says: 'whichever end', flagged: true, status: 'not_delivered', count: 1 },
  { says: 'shipped is not: no flag asks for it', flagged: true, status: 'shipped', count: 0 },
  { says: 'nor is an end that no flag asked for', flagged: false, status: 'delivered', count: 0 },
] as const)('$says', async ({ flagged, status, count }) => {
  observer()(await order({ flagged }), status);
  await settled();
  expect([await counted(), recorded.lines]).toEqual([count, []]);
});

test('a look that fails is a line in the log, and nothing else', async () => {
  observer()('no id of an order', 'delivered');
  await settled();
  expect([await counted(), recorded.lines]).toMatchObject([0, [{ level: 'warn' }]]);
});
