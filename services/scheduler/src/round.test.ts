import { expect, test } from '@jest/globals';
import type { Order } from '@lazada-sof/orders';
import { after, anAccount, anItem, anOrder, aPackage, T0 } from '@lazada-sof/orders/fixture';
import type { JobRequest } from '@lazada-sof/queue';
import { round } from './round.ts';

const NOW = after(3_600_000);

async function roundOver(orders: readonly Order[]) {
  const jobs: JobRequest[] = [];
  const broken: string[] = [];
  const rests: { orderId: string; nextAt: Date | null }[] = [];
  const result = await round({
    claim: async () => orders.map(({ orderId }) => ({ orderId })),
    load: async (orderId) => {
      const order = orders.find((one) => one.orderId === orderId);
      return order ? { order, now: NOW } : null;
    },
    rest: async (list) => void rests.push(...list.map(({ claim, nextAt }) => ({ orderId: claim.orderId, nextAt }))),
    enqueue: async (list) => void jobs.push(...list),
    broken: (orderId) => void broken.push(orderId),
  });
  return { result, jobs, rests, broken };
}

test('what is owed becomes one job per queue', async () => {
  const order = anOrder({
    items: [anItem()],
    itemsReadAt: NOW,
    packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2', trackingNumber: null })],
  });
  const { jobs, result } = await roundOver([order]);
  expect(jobs.map(({ name }) => name)).toEqual(['fetch-tracking', 'sync-status', 'fetch-invoice']);
  expect(result).toEqual({ claimed: 1, fed: ['tracking-fetch', 'status-sync', 'invoice-fetch'] });
});

test('each document has a job of its own', async () => {
  const document = {
    docType: 'invoice',
    revision: 1,
    orderItemIds: ['1'],
    sourceSha256: 'a',
    hasPdf: true,
    path: 'x.pdf',
    uploadedAt: null,
    createdAt: T0,
  };
  const order = anOrder({
    items: [anItem()],
    itemsReadAt: NOW,
    packages: [aPackage({ state: 'shipped' })],
    documents: [
      { ...document, documentId: '8', part: 1 },
      { ...document, documentId: '9', part: 2, orderItemIds: ['2'] },
    ],
  });
  const { jobs } = await roundOver([order]);
  expect(jobs.flatMap(({ data }) => ('documentId' in data ? data.documentId : []))).toEqual(['8', '9']);
});

test('an order to which nothing is owed rests until its next time', async () => {
  const settled = anOrder();
  const { jobs, rests, result } = await roundOver([settled]);
  expect(jobs).toEqual([]);
  expect(rests).toEqual([{ orderId: '5', nextAt: null }]);
  expect(result.fed).toEqual([]);
});

test('an order that was deleted since its claim is left alone', async () => {
  const result = await round({
    claim: async () => [{ orderId: '5' }],
    load: async () => null,
    rest: async () => undefined,
    enqueue: async () => undefined,
    broken: () => undefined,
  });
  expect(result).toEqual({ claimed: 1, fed: [] });
});

test('an order that cannot be planned is told of, and the others go on', async () => {
  const ill = anOrder({
    orderId: '6',
    items: [anItem()],
    itemsReadAt: NOW,
    packages: [aPackage({ state: 'shipped' })],
    delivered: { flag: true, at: new Date('infinity'), sentAt: null },
  });
  const well = anOrder({ updateShipping: true, toolStatus: 'ready_for_delivery' });
  const { jobs, broken } = await roundOver([ill, well]);
  expect(broken).toEqual(['6']);
  expect(jobs.map(({ name }) => name)).toEqual(['sync-status']);
});

test('an order whose account cannot be used rests a little, until somebody has parked the account', async () => {
  const order = anOrder({
    account: anAccount({ mistakes: ['time zone "Mars/Olympus" is no IANA time zone'] }),
    updateShipping: true,
    toolStatus: 'ready_for_delivery',
  });
  expect(await roundOver([order])).toMatchObject({ jobs: [], rests: [{ nextAt: after(5_000, NOW) }], broken: [] });
});
