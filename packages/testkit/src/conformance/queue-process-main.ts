/** The other process of `queue-process.ts`. */
import { text } from 'node:stream/consumers';
import { type JobResult, openLimiter, runWorker } from '@lazada-sof/queue';
import { createLogger } from '@lazada-sof/runtime';
import type { ProcessTask } from './queue-process.ts';

const print = (line: string) => new Promise((resolve) => process.stdout.write(`${line}\n`, resolve));

const task = JSON.parse(await text(process.stdin)) as ProcessTask; // written by queue-process.ts
if (task.does === 'take') await takeSlots(task);
else await work(task);

async function takeSlots({
  server,
  perSecond,
  accountId,
  slots,
}: Extract<ProcessTask, { does: 'take' }>): Promise<void> {
  const limiter = await openLimiter({ ...server, perSecond: { sofp: perSecond, lazada: perSecond } });
  const take = async () => {
    await limiter.take({ api: 'sofp', accountId });
    await print(String(Date.now()));
  };
  await Promise.all(Array.from({ length: slots }, take));
  await limiter.close();
}

async function work({ does, server, timing }: Exclude<ProcessTask, { does: 'take' }>): Promise<void> {
  const handle = async ({ orderId }: { orderId: string }): Promise<JobResult> => {
    await print(orderId);
    if (does === 'die') process.kill(process.pid, 'SIGKILL');
    return new Promise<JobResult>(() => undefined);
  };
  await runWorker({
    ...server,
    queue: 'status-sync',
    concurrency: 20,
    timing,
    log: createLogger({ service: 'other process', level: 'error', format: 'pretty', stream: process.stderr }),
    handlers: { 'sync-status': handle, 'check-account': async () => 'done', 'seal-account': async () => 'done' },
  });
}
