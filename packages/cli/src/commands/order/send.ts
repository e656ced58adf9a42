import { type HoldReason, type Order, type OwedStep, plan, resend } from '@lazada-sof/orders';
import type { JobRequest } from '@lazada-sof/queue';
import { readConfig } from '@lazada-sof/runtime/config';
import type { Command } from 'commander';
import { withExample } from '../../terminal/example.ts';
import { printer } from '../../terminal/output.ts';
import { loadQueue, withDb, withQueue } from '../connections.ts';
import { applyChange } from './apply-change.ts';
import { explainHint, nothingToDo } from './explain-hint.ts';
import { findOrder } from './find-order.ts';

export function orderSendCommand(order: Command): void {
  const command = order
    .command('send')
    .argument('<account>')
    .argument('<order-number>')
    .description('try now what is owed, what is blocked, and what Lazada accepted and does not show; a hold stays')
    .option('--json', 'for machines')
    .action(async (account: string, orderNumber: string, { json = false }: { json?: boolean }) => {
      const settings = readConfig(['database', 'queue']);
      // The queue is opened first: where it is away, nothing was changed.
      const { jobs, steps, held } = await withQueue(settings, (producer) =>
        withDb(settings, async (db) => {
          const { order: found } = await findOrder(db, account, orderNumber);
          await applyChange(db, found, resend);
          const fresh = await findOrder(db, account, orderNumber);
          const sending = await forced(fresh.order, fresh.now);
          await producer.add(sending.jobs);
          return sending;
        }),
      );
      if (jobs.length === 0) throw nothingToDo('be sent', account, orderNumber);
      const print = printer(json);
      print.text(`Trying ${account}/${orderNumber} now: ${steps.join(', ')}.`);
      if (held.length > 0)
        print.text(`Held, and not sent: ${held.join(', ')}; see: ${explainHint(account, orderNumber)}`);
      print.json({ jobs: jobs.map(({ name }) => name), steps, held });
    });
  withExample(command, 'demo-sg 400100000214683');
}

async function forced(order: Order, now: Date) {
  const { jobFor } = await loadQueue();
  const { owed, held } = plan(order, now, { force: true });
  const jobs = owed.map((step) => withForce(jobFor(order.orderId, step)));
  return {
    jobs: [...new Map(jobs.map((job) => [JSON.stringify(job), job])).values()],
    steps: unique(owed.map(nameOf)),
    held: unique(held.map(({ reason }) => reason)).filter((reason) => !STOP_NOTHING.has(reason)),
  };
}

/** Shown by `order explain`; nothing waits for them. */
const STOP_NOTHING: ReadonlySet<HoldReason> = new Set(['status_mismatch', 'tracking_missing']);

const withForce = ({ name, data }: JobRequest) => ({ name, data: { ...data, force: true } }) as JobRequest;
const nameOf = (owed: OwedStep) => (owed.step === 'read_back' ? `read back ${owed.of}` : owed.step);
const unique = <Value>(values: readonly Value[]): Value[] => [...new Set(values)];
