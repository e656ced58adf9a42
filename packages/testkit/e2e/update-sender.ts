/** Another system, which knows of us only the queue and what may be said there. */
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import type { TestSystem } from '../src/servers/test-system.ts';

export type Said = { readonly account: string; readonly orderNumber: string } & Readonly<Record<string, unknown>>;
export type Heard = {
  readonly id: string;
  /** When the job was added, in milliseconds. */
  readonly addedAt: number;
} & (
  | { readonly state: 'completed'; readonly answer: Readonly<Record<string, unknown>> }
  | { readonly state: 'failed'; readonly reason: string }
);

export type UpdateSender = {
  /** Adds one and waits for its end. One whose processes were ended too often is retried, as a person does. */
  send(said: Said): Promise<Heard>;
  /** Adds many and waits for nothing. */
  throwIn(all: readonly Said[]): Promise<void>;
  /** Resolves when nothing waits or runs. */
  untilTaken(): Promise<void>;
  close(): Promise<void>;
};

const STALLED = 'job stalled more than allowable limit';
const PATIENCE_MS = 180_000;

export async function openUpdateSender({ env }: Pick<TestSystem, 'env'>): Promise<UpdateSender> {
  const producer = await openProducer({ url: env.QUEUE_URL ?? '', prefix: env.QUEUE_PREFIX ?? '' });
  const queue = producer.queues().find(({ name }) => name === 'order-update');
  if (!queue) throw new Error('there is no queue order-update');

  async function endOf(id: string): Promise<Heard | undefined> {
    const job = await queue?.getJob(id);
    if (!job?.finishedOn) return undefined;
    const state = await job.getState();
    const facts = { id, addedAt: job.timestamp };
    if (state === 'completed') return { ...facts, state, answer: job.returnvalue };
    if (state !== 'failed') return undefined;
    if (job.failedReason !== STALLED) return { ...facts, state, reason: job.failedReason };
    await job.retry('failed');
    return undefined;
  }

  return {
    async send(said) {
      const { id = '' } = await queue.add('update-order', { v: 1, ...said });
      return until(() => endOf(id), { what: `job ${id} of ${said.orderNumber} is over`, withinMs: PATIENCE_MS });
    },
    async throwIn(all) {
      await queue.addBulk(all.map((said) => ({ name: 'update-order', data: { v: 1, ...said } })));
    },
    async untilTaken() {
      const isTaken = async () => {
        const { waiting, active, delayed } = await producer.counts('order-update');
        return waiting + active + delayed === 0;
      };
      await until(isTaken, { what: 'all updates are taken', withinMs: PATIENCE_MS });
    },
    close: () => producer.close(),
  };
}
