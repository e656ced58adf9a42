import { describe, expect, test } from '@jest/globals';
import type { OwedStep } from '@lazada-sof/orders';
import { deduplicationKey, JOBS, type JobName, type JobRequest, jobFor, QUEUES, type QueueName } from './contract.ts';
import { readJob } from './worker/read-job.ts';

/**
 * Every shape that was ever sent, by queue and name. Jobs outlive deploys: what stands here must be read for ever. Add
 * a line for a new shape; never change one.
 */
const SENT: [QueueName, JobName, unknown][] = [
  ['status-sync', 'sync-status', { v: 1, orderId: '42' }],
  ['status-sync', 'sync-status', { v: 1, orderId: '9223372036854775807', force: true }],
  ['status-sync', 'check-account', { v: 1, accountId: '7' }],
  ['status-sync', 'seal-account', { v: 1, accountId: '7' }],
  ['tracking-fetch', 'fetch-tracking', { v: 1, orderId: '42' }],
  ['tracking-fetch', 'fetch-tracking', { v: 1, orderId: '42', force: true }],
  ['invoice-fetch', 'fetch-invoice', { v: 1, orderId: '42' }],
  ['invoice-fetch', 'fetch-invoice', { v: 1, orderId: '42', force: true }],
  ['invoice-upload', 'upload-invoice', { v: 1, documentId: '3' }],
  ['invoice-upload', 'upload-invoice', { v: 1, documentId: '3', force: true }],
  ['invoice-fetch', 'fetch-manifest', { v: 1, accountId: '7', date: '2026-03-14' }],
  ['invoice-upload', 'upload-index', { v: 1, accountId: '7', date: '2026-03-14' }],
  ['carrier-poll', 'poll-carrier', { v: 1, packageId: '11' }],
  ['carrier-poll', 'poll-carrier', { v: 1, packageId: '11', force: true }],
  ['order-update', 'update-order', { v: 1, account: 'demo-sg', orderNumber: '400100000214683', status: 'delivered' }],
  [
    'order-update',
    'update-order',
    {
      ...{ v: 1, account: 'demo-sg', orderNumber: '400100000214683', status: 'not_delivered' },
      ...{ occurredAt: '2026-03-14T15:09:26+08:00', packageId: 'FP1', trackingNumber: 'TN1', carrier: 'dhl' },
      ...{ carrierTrackingNumber: 'D1', reason: 'nobody at home', requestId: 'r-1', force: true },
    },
  ],
  ['order-update', 'watch-folder', { v: 1 }],
  ['tracking-fetch', 'backfill', { v: 1, accountId: '7', from: '2026-03-01', to: '2026-03-14' }],
  ['order-update', 'import-file', { v: 1, importId: '12' }],
  ['order-update', 'import-file', { v: 1, importId: '12', force: true }],
];

describe('a stored job', () => {
  test.each(SENT)('of %s called %s is read: %j', (queue, name, data) => {
    expect(readJob(queue, name, data)).toEqual({ name, data });
  });

  test('of every name has a sample here', () => {
    expect([...new Set(SENT.map(([, name]) => name))].sort()).toEqual(Object.keys(JOBS).sort());
  });

  test('with a field that only a later version knows is read without it', () => {
    expect(readJob('status-sync', 'check-account', { v: 1, accountId: '7', since: 'then' })).toEqual({
      name: 'check-account',
      data: { v: 1, accountId: '7' },
    });
  });

  const unreadable: { says: string; queue: QueueName; name: string; data: unknown; mistakes: RegExp[] }[] = [
    {
      says: 'whose version and id are wrong names both',
      queue: 'status-sync',
      name: 'sync-status',
      data: { v: 2, orderId: '4 2' },
      mistakes: [/^v: /, /^orderId: an id is decimal text$/],
    },
    {
      says: 'whose id is a number is refused, since large ones would have lost digits',
      queue: 'status-sync',
      name: 'sync-status',
      data: { v: 1, orderId: 42 },
      mistakes: [/^orderId: /],
    },
    {
      says: 'that is no object says so',
      queue: 'status-sync',
      name: 'sync-status',
      data: 'sync',
      mistakes: [/^the payload: /],
    },
    {
      says: 'in the queue of another names those that belong there',
      queue: 'tracking-fetch',
      name: 'sync-status',
      data: { v: 1, orderId: '42' },
      mistakes: [/^name is "sync-status": in tracking-fetch it is one of fetch-tracking, backfill$/],
    },
    {
      says: 'of days in the wrong order says so',
      queue: 'tracking-fetch',
      name: 'backfill',
      data: { v: 1, accountId: '7', from: '2026-03-14', to: '2026-03-01' },
      mistakes: [/^to: lies before from$/],
    },
  ];
  test.each(unreadable)('$says', ({ queue, name, data, mistakes }) => {
    const read = readJob(queue, name, data);
    const found = 'mistakes' in read ? read.mistakes : [];
    expect(found).toHaveLength(mistakes.length);
    for (const [position, mistake] of mistakes.entries()) expect(found[position]).toMatch(mistake);
  });
});

describe('what makes two jobs the same', () => {
  const rows: [string, JobRequest, string][] = [
    ['its name and its order', { name: 'sync-status', data: { v: 1, orderId: '5' } }, 'sync-status-5'],
    ['its name and its account', { name: 'check-account', data: { v: 1, accountId: '5' } }, 'check-account-5'],
    ['its name and its account alike', { name: 'seal-account', data: { v: 1, accountId: '5' } }, 'seal-account-5'],
    [
      'its name, its account and its day',
      { name: 'upload-index', data: { v: 1, accountId: '7', date: '2026-03-14' } },
      'upload-index-7-2026-03-14',
    ],
    [
      'its name, its account and its days',
      { name: 'backfill', data: { v: 1, accountId: '7', from: '2026-03-01', to: '2026-03-14' } },
      'backfill-7-2026-03-01-2026-03-14',
    ],
    ['its name and its document', { name: 'upload-invoice', data: { v: 1, documentId: '5' } }, 'upload-invoice-5'],
    ['its name and its parcel', { name: 'poll-carrier', data: { v: 1, packageId: '5' } }, 'poll-carrier-5'],
    [
      'and whether it is forced',
      { name: 'sync-status', data: { v: 1, orderId: '5', force: true } },
      'sync-status-5-force',
    ],
  ];
  test.each(rows)('is %s', (_says, request, key) => {
    expect(deduplicationKey(request)).toBe(key);
  });
});

describe('what is owed', () => {
  const at = { ref: '11', packageId: 'FP1' };
  const rows: [OwedStep, QueueName][] = [
    [{ step: 'ready_to_ship', ref: '' }, 'status-sync'],
    [{ step: 'shipped', ...at, trackingNumber: 'T1', occurredAt: new Date(0) }, 'status-sync'],
    [{ step: 'delivered', ...at, trackingNumber: 'T1', occurredAt: new Date(0) }, 'status-sync'],
    [{ step: 'not_delivered', ...at, trackingNumber: 'T1', occurredAt: new Date(0) }, 'status-sync'],
    [{ step: 'confirm', ...at }, 'status-sync'],
    [{ step: 'look', ref: '' }, 'status-sync'],
    [{ step: 'settle', ref: '' }, 'status-sync'],
    [{ step: 'read_back', of: 'shipped', ...at }, 'status-sync'],
    [{ step: 'tracking', ...at }, 'tracking-fetch'],
    [{ step: 'invoice_fetch', ref: '' }, 'invoice-fetch'],
    [{ step: 'invoice_upload', ref: '3' }, 'invoice-upload'],
    [{ step: 'carrier_poll', ref: '11' }, 'carrier-poll'],
  ];
  test.each(rows)('%j is done by %s', (owed, queue) => {
    expect(JOBS[jobFor('42', owed).name].queue).toBe(queue);
  });

  test('of an order becomes at most one job per queue, of a document one of its own', () => {
    const jobs = rows.map(([owed]) => jobFor('42', owed));
    const queues = new Set(jobs.map(({ name }) => JOBS[name].queue));
    expect(new Set(jobs.map(deduplicationKey)).size).toBe(queues.size);
    // What comes in is owed on no order.
    expect([...queues].sort()).toEqual(QUEUES.filter((queue) => queue !== 'order-update').sort());
    expect(jobFor('42', { step: 'invoice_upload', ref: '3' })).toEqual({
      name: 'upload-invoice',
      data: { v: 1, documentId: '3' },
    });
  });
});
