/**
 * THE contract of the queues: per job its queue, its payload and its deduplication key. Producers, workers and the
 * dashboard derive everything from this table, so a job is declared once.
 *
 * A job means "look at this again"; the rows say what is due. Payloads are ids, decimal text, with `v: 1`. Jobs outlive
 * deploys: a new field is optional until the queue has drained, and `contract.test.ts` parses a sample of every shape
 * that was ever sent.
 */

import type { OwedStep } from '@lazada-sof/orders';
import { z } from 'zod';
import { orderNamedIn, sentUpdate } from './order-update/payload.ts';

const id = z.string().regex(/^\d{1,19}$/, 'an id is decimal text');
const v = z.literal(1);
const force = z.boolean().optional();

const order = z.object({ v, orderId: id, force });
const document = z.object({ v, documentId: id, force });
const parcel = z.object({ v, packageId: id, force });
/** `ifActive`: the scheduler's own wish, of no interest for an account that somebody has parked since. */
const account = z.object({ v, accountId: id, ifActive: z.boolean().optional() });

/** In the account's time zone. */
const date = z.iso.date('a date is YYYY-MM-DD');
const day = z.object({ v, accountId: id, date });

const importFile = z.object({ v, importId: id, force });

/** Strict, unlike ours: written by other systems. `force` is what a worker writes into a job that it gives up. */
const update = sentUpdate.extend({ force });
/** Both included. */
const days = z
  .object({ v, accountId: id, from: date, to: date, force })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'lies before from' });

/** A forced job has a key of its own, so that it never waits behind a job that would do nothing. */
const keyed = (name: string, ref: string, forced?: boolean) => `${name}-${ref}${forced ? '-force' : ''}`;

type Definition<Schema extends z.ZodType> = {
  queue: QueueName;
  payload: Schema;
  /** At most one job of a key waits and one runs. Left out where jobs carry data of their own: each of them runs. */
  key?: (data: z.output<Schema>) => string;
  /** What a job without a key is about, in the words of people, even where the rest of its data cannot be read. */
  about?: (data: unknown) => string | undefined;
};
const define = <Schema extends z.ZodType>(definition: Definition<Schema>): Definition<Schema> => definition;

export const QUEUES = [
  'status-sync',
  'tracking-fetch',
  'invoice-fetch',
  'invoice-upload',
  'order-update',
  'carrier-poll',
] as const;
export type QueueName = (typeof QUEUES)[number];

export const JOBS = {
  'sync-status': define({
    queue: 'status-sync',
    payload: order,
    key: (data) => keyed('sync-status', data.orderId, data.force),
  }),
  'check-account': define({
    queue: 'status-sync',
    payload: account,
    // The scheduler's own question is a smaller one: a person's must not get its answer.
    key: (data) => keyed(data.ifActive ? 'check-account-if-active' : 'check-account', data.accountId),
  }),
  'seal-account': define({
    queue: 'status-sync',
    payload: z.object({ v, accountId: id }),
    key: ({ accountId }) => keyed('seal-account', accountId),
  }),
  'fetch-tracking': define({
    queue: 'tracking-fetch',
    payload: order,
    key: (data) => keyed('fetch-tracking', data.orderId, data.force),
  }),
  backfill: define({
    queue: 'tracking-fetch',
    payload: days,
    key: ({ accountId, from, to, force }) => keyed('backfill', `${accountId}-${from}-${to}`, force),
  }),
  'fetch-invoice': define({
    queue: 'invoice-fetch',
    payload: order,
    key: (data) => keyed('fetch-invoice', data.orderId, data.force),
  }),
  'fetch-manifest': define({
    queue: 'invoice-fetch',
    payload: day,
    key: (data) => keyed('fetch-manifest', `${data.accountId}-${data.date}`),
  }),
  'upload-index': define({
    queue: 'invoice-upload',
    payload: day,
    key: (data) => keyed('upload-index', `${data.accountId}-${data.date}`),
  }),
  'upload-invoice': define({
    queue: 'invoice-upload',
    payload: document,
    key: (data) => keyed('upload-invoice', data.documentId, data.force),
  }),
  'poll-carrier': define({
    queue: 'carrier-poll',
    payload: parcel,
    key: (data) => keyed('poll-carrier', data.packageId, data.force),
  }),
  'update-order': define({ queue: 'order-update', payload: update, about: orderNamedIn }),
  'watch-folder': define({ queue: 'order-update', payload: z.object({ v }), key: () => 'watch-folder' }),
  'import-file': define({
    queue: 'order-update',
    payload: importFile,
    key: ({ importId, force }) => keyed('import-file', importId, force),
  }),
};

export type JobName = keyof typeof JOBS;
export type Payload<Name extends JobName> = z.output<(typeof JOBS)[Name]['payload']>;
/** A job to be enqueued, name and payload together. */
export type JobRequest = { [Name in JobName]: { name: Name; data: Payload<Name> } }[JobName];
/** The jobs of one queue. */
export type JobOf<Queue extends QueueName> = {
  [Name in JobName]: (typeof JOBS)[Name]['queue'] extends Queue ? Name : never;
}[JobName];

/** What makes two requests the same one; undefined: nothing does. */
export function deduplicationKey({ name, data }: JobRequest): string | undefined {
  // Sound by the type of JobRequest: name and data of one request belong together.
  const key = JOBS[name].key as ((data: JobRequest['data']) => string) | undefined;
  return key?.(data);
}

/** What log and `failedReason` call a stored job; undefined: nothing in it says so. */
export function aboutJob(name: JobName, data: unknown): string | undefined {
  const definition: Pick<Definition<z.ZodType>, 'about'> = JOBS[name];
  return definition.about?.(data);
}

/** Makes the job of a step that is owed on an order. */
type MakeJob = (orderId: string, owed: OwedStep) => JobRequest;

const syncStatus: MakeJob = (orderId) => ({ name: 'sync-status', data: { v: 1, orderId } });

/** Which worker does which step. */
const JOB_OF_STEP = {
  read_back: syncStatus,
  ready_to_ship: syncStatus,
  tracking: (orderId) => ({ name: 'fetch-tracking', data: { v: 1, orderId } }),
  shipped: syncStatus,
  delivered: syncStatus,
  not_delivered: syncStatus,
  confirm: syncStatus,
  invoice_fetch: (orderId) => ({ name: 'fetch-invoice', data: { v: 1, orderId } }),
  invoice_upload: (_orderId, { ref }) => ({ name: 'upload-invoice', data: { v: 1, documentId: ref } }),
  carrier_poll: (_orderId, { ref }) => ({ name: 'poll-carrier', data: { v: 1, packageId: ref } }),
  look: syncStatus,
  settle: syncStatus,
} satisfies Record<OwedStep['step'], MakeJob>;

/** What is owed on an order becomes at most one job per queue (one per document, and per parcel of a carrier). */
export const jobFor: MakeJob = (orderId, owed) => JOB_OF_STEP[owed.step](orderId, owed);
