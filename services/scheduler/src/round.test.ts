import { expect, test } from '@jest/globals';
import type { Order } from '@lazada-sof/orders';
import { after, anAccount, anItem, anOrder, aPackage, T0 } from '@lazada-sof/orders/fixture';
import type { JobRequest } from '@lazada-sof/queue';
import { createBacklog } from './backlog.ts';
import { createPace } from './pace.ts';
import { type RoundTools, round } from './round.ts';

const NOW = after(3_600_000);

type Claim = { readonly orderId: string; readonly accountId: string };
const claimOf = ({ orderId, account: { accountId } }: Order): Claim => ({ orderId, accountId });

async function roundOver(orders: readonly Order[], tools: Partial<RoundTools<Claim>> = {}) {
  const jobs: JobRequest[] = [];
  const broken: string[] = [];
  const shelved: { orderId: string; reason: string }[] = [];
  const rests: { orderId: string; nextAt: Date | null }[] = [];
  const result = await round<Claim>({
    claim: async () => orders.map(claimOf),
    load: async (orderId) => {
      const order = orders.find((one) => one.orderId === orderId);
      return order ? { order, now: NOW } : null;
    },
    isPassing: () => false,
    rest: async (list) => void rests.push(...list.map(({ claim, nextAt }) => ({ orderId: claim.orderId, nextAt }))),
    shelve: async (list) => void shelved.push(...list.map(({ claim, reason }) => ({ orderId: claim.orderId, reason }))),
    enqueue: async (list) => void jobs.push(...list),
    giveBack: async () => undefined,
    pauses: async (keys) => keys.map(() => 0),
    pace: createPace({ rates: { sofp: 5, lazada: 10 }, clock: () => 0 }),
    backlog: createBacklog({ untouched: async (claims) => claims }),
    broken: (orderId) => void broken.push(orderId),
    ...tools,
  });
  return { result, jobs, rests, broken, shelved };
}

test('what is owed becomes one job per queue', async () => {
  const order = anOrder({
    items: [anItem()],
    itemsReadAt: NOW,
    packages: [aPackage(), aPackage({ id: '12', packageId: 'FP2', trackingNumber: null })],
  });
  const { jobs, result } = await roundOver([order]);
  expect(jobs.map(({ name }) => name)).toEqual(['fetch-tracking', 'sync-status', 'fetch-invoice']);
  expect(result).toEqual({ claimed: 1 });
});

test('each document has a job of its own', async () => {
  const document = {
    docType: 'invoice',
    revision: 1,
    orderItemIds: ['1'],
    sourceSha256: 'a',
    hasPdf: true,
    removedAt: null,
    waitsForRenderer: false,
    recheckAt: null,
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
  const { jobs, rests } = await roundOver([settled]);
  expect(jobs).toEqual([]);
  expect(rests).toEqual([{ orderId: '5', nextAt: null }]);
});

test('an order that was deleted since its claim is left alone', async () => {
  const { result, jobs, rests } = await roundOver([anOrder()], { load: async () => null });
  expect({ result, jobs, rests }).toEqual({ result: { claimed: 1 }, jobs: [], rests: [] });
});

const well = anOrder({ updateShipping: true, toolStatus: 'ready_for_delivery' });

test('an order that cannot be planned is told of and rests, and the others go on', async () => {
  const ill = anOrder({
    orderId: '6',
    packages: [null as never],
  });
  const { jobs, broken, shelved } = await roundOver([ill, well]);
  expect(broken).toEqual(['6']);
  expect(shelved).toEqual([{ orderId: '6', reason: expect.any(String) }]);
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

const loading = (error: Error) => async (orderId: string) => {
  if (orderId === '6') throw error;
  return { order: well, now: NOW };
};

test('an order that cannot be read is told of and rests, and the others go on', async () => {
  const load = loading(new Error('invalid input syntax for type timestamp'));
  const { jobs, broken, shelved } = await roundOver([anOrder({ orderId: '6' }), well], { load });
  expect(broken).toEqual(['6']);
  expect(shelved).toEqual([{ orderId: '6', reason: 'invalid input syntax for type timestamp' }]);
  expect(jobs.map(({ name }) => name)).toEqual(['sync-status']);
});

test('where the database is away nothing is known of any order: all are offered again', async () => {
  const away = new Error('the database shuts down');
  const shelved: unknown[] = [];
  const tools = {
    load: loading(away),
    isPassing: (error: unknown) => error === away,
    shelve: async (list: readonly unknown[]) => void shelved.push(...list),
  };
  await expect(roundOver([anOrder({ orderId: '6' }), well], tools)).rejects.toBe(away);
  expect(shelved).toEqual([]);
});

test('what could not be handed on is given back, and not left alone for its lease', async () => {
  const away = new Error('the queue is away');
  const givenBack: string[] = [];
  const tools = {
    enqueue: () => Promise.reject(away),
    giveBack: async (list: readonly Claim[]) => void givenBack.push(...list.map(({ orderId }) => orderId)),
  };
  await expect(roundOver([well], tools)).rejects.toBe(away);
  expect(givenBack).toEqual([well.orderId]);
});

test('an account of which much waits already stands behind the others', async () => {
  const places: (string | undefined)[] = [];
  const tools = {
    backlog: createBacklog<Claim>({ untouched: async (claims) => claims, short: 1 }),
    enqueue: async (jobs: readonly JobRequest[], place?: 'behind') => void places.push(...jobs.map(() => place)),
  };
  const orders = ['1', '2'].map((orderId) => ({ ...well, orderId }));
  await roundOver(orders, tools);
  expect(places).toEqual([undefined, 'behind']);
});

test('nothing of a paused account is handed on: its orders rest behind the pause, each at a time of its own', async () => {
  const pauses = async (keys: readonly { api: string }[]) => keys.map(({ api }) => (api === 'lazada' ? 60_000 : 0));
  const orders = ['1', '2'].map((orderId) => ({ ...well, orderId }));
  const { jobs, rests } = await roundOver(orders, { pauses });
  expect(jobs).toEqual([]);
  const waits = rests.map(({ nextAt }) => Number(nextAt) - NOW.getTime());
  expect(Math.min(...waits)).toBeGreaterThan(60_000);
  expect(new Set(waits).size).toBe(2);
});

test('what waits is counted again before more is handed on', async () => {
  const asked: number[] = [];
  const untouched = async (claims: readonly Claim[]) => {
    asked.push(claims.length);
    return [];
  };
  const backlog = createBacklog<Claim>({ untouched, short: 1 });
  await roundOver([well], { backlog });
  await roundOver([{ ...well, orderId: '2' }], { backlog });
  expect(asked).toEqual([1]);
});

test('a round is handed on in pieces, and one that fails is given back alone', async () => {
  const away = new Error('the database shuts down');
  const orders = Array.from({ length: 450 }, (_, index) => ({ ...well, orderId: `${index + 1}` }));
  const handedOn: string[] = [];
  const givenBack: string[] = [];
  const tools: Partial<RoundTools<Claim>> = {
    load: async (orderId) => {
      if (orderId === '300') throw away;
      return { order: { ...well, orderId }, now: NOW };
    },
    isPassing: (error) => error === away,
    enqueue: async (list) => void handedOn.push(...list.flatMap(({ data }) => ('orderId' in data ? data.orderId : []))),
    giveBack: async (list) => void givenBack.push(...list.map(({ orderId }) => orderId)),
    pace: createPace({ rates: { sofp: 1_000, lazada: 1_000 }, clock: () => 0 }),
  };
  await expect(roundOver(orders, tools)).rejects.toBe(away);
  const ids = orders.map(({ orderId }) => orderId);
  expect(givenBack).toEqual(ids.slice(200, 400));
  expect(handedOn.toSorted()).toEqual([...ids.slice(0, 200), ...ids.slice(400)].toSorted());
});
