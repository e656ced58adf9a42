import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../simulator.ts';
import { type TestAccount, TestCaller, type TestOrder } from '../test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;
let token: string;
let order: TestOrder;
let number: string;

beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
  account = await caller.account();
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await caller.control('POST', '/control/reset', { only: 'counts' });
  token = await caller.login(account);
  order = await caller.order(account, { status: 'ready_to_ship' });
  number = order.packages[0]?.trackingNumber ?? '';
});

const fault = (given: object) => caller.control('POST', '/faults', given);
const shipped = () => caller.report(token, number, 'shipped');
const accepted = async () => (await caller.look(order)).packages[0]?.accepted.length;
const items = () => caller.get(account, '/order/items/get', { order_id: order.orderId });

describe('the connection', () => {
  test('drop before: nothing was done', async () => {
    await fault({ api: 'sof', path: 'sof/status', times: 1, drop: 'before' });
    await expect(shipped()).rejects.toThrow();
    expect(await accepted()).toBe(0);
    expect((await shipped()).status).toBe(202);
  });

  test('drop after: it was done, and nobody was told', async () => {
    await fault({ api: 'sof', path: 'sof/status', times: 1, drop: 'after' });
    await expect(shipped()).rejects.toThrow();
    expect(await accepted()).toBe(1);
  });

  test('drop half: the answer breaks off', async () => {
    await fault({ api: 'lazada', times: 1, drop: 'half' });
    const answer = await fetch(itemsUrl());
    expect(answer.status).toBe(200);
    await expect(answer.text()).rejects.toThrow();
  });

  test('a drop is a reset and no goodbye', async () => {
    await fault({ api: 'sof', drop: 'before', times: 1 });
    const { hostname, port } = new URL(caller.url);
    const ended = new Promise((resolve) => {
      const socket = connect(Number(port), hostname, () =>
        socket.write('POST /api/auth HTTP/1.1\r\nhost: x\r\ncontent-length: 0\r\n\r\n'),
      );
      socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code)).on('end', () => resolve('end'));
    });
    expect(await ended).toBe('ECONNRESET');
  });
});

describe('the answer', () => {
  test('a status in place of the answer: not done', async () => {
    await fault({ api: 'sof', path: 'sof/status', times: 2, status: 503, headers: { 'retry-after': '7' } });
    const answer = await shipped();
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
    expect(await accepted()).toBe(0);
  });

  test('a status in place of the answer, and done all the same', async () => {
    await fault({ api: 'sof', path: 'sof/status', times: 1, status: 504, processed: true });
    expect((await shipped()).status).toBe(504);
    expect(await accepted()).toBe(1);
  });

  test('any bytes', async () => {
    await fault({ api: 'lazada', times: 1, bodyBase64: Buffer.from([0xff, 0xfe, 0]).toString('base64') });
    expect(Buffer.from(await (await fetch(itemsUrl())).arrayBuffer())).toEqual(Buffer.from([0xff, 0xfe, 0]));
  });

  test('JSON of one own', async () => {
    await fault({ api: 'lazada', times: 1, body: { code: 'ApiCallLimit', message: 'this ban will last 3 seconds' } });
    expect(await items()).toMatchObject({ code: 'ApiCallLimit' });
  });

  test.each(['json', 'nested', 'quoted', 'html', 'pairs', 'words', 'base64'])(
    'what was sent, said back: %s',
    async (echo) => {
      await fault({ api: 'sof', path: 'sof/status', times: 1, status: 400, echo });
      const answer = await shipped();
      expect(answer.status).toBe(400);
      const { detail } = (await answer.json()) as { detail: string };
      const said = echo === 'base64' ? Buffer.from(detail.split(' ')[0] ?? '', 'base64').toString() : detail;
      expect(said).toContain(simulator.world.account(account.sellerId)?.sofPassword);
      expect(await accepted()).toBe(0);
    },
  );

  test('100 MB', async () => {
    await fault({ api: 'lazada', times: 1, size: 104_857_600, body: '{' });
    const answer = await fetch(itemsUrl());
    let bytes = 0;
    for await (const chunk of answer.body ?? []) bytes += chunk.length;
    expect([bytes, answer.headers.get('content-length')]).toEqual([104_857_600, '104857600']);
  });

  test('late: it was done at once', async () => {
    await fault({ api: 'sof', path: 'sof/status', times: 1, delayMs: 300 });
    const began = performance.now();
    let isAnswered = false;
    const answer = shipped().finally(() => {
      isAnswered = true;
    });
    while (simulator.counter.read().accepted.shipped !== 1) await new Promise((resolve) => setImmediate(resolve));
    expect(isAnswered).toBe(false);
    expect((await answer).status).toBe(202);
    expect(performance.now() - began).toBeGreaterThanOrEqual(290);
  });

  test('slow: a few bytes at a time', async () => {
    await fault({ api: 'lazada', times: 1, body: 'x'.repeat(30), bytesPerSecond: 100 });
    const began = performance.now();
    expect(await (await fetch(itemsUrl())).text()).toBe('x'.repeat(30));
    expect(performance.now() - began).toBeGreaterThan(200);
  });
});

describe('which calls it hits', () => {
  const statuses = async (count: number) => {
    const answers: number[] = [];
    for (let index = 0; index < count; index += 1) answers.push((await shipped()).status);
    return answers;
  };

  test.each<[string, object, number[]]>([
    ['only so many', { status: 503, times: 2 }, [503, 503, 202]],
    ['only after so many', { status: 503, times: 1, skip: 1 }, [202, 503, 202]],
    ['only that path', { status: 503, path: 'sof/auth' }, [202, 202, 202]],
    ['only that API', { status: 503, api: 'lazada' }, [202, 202, 202]],
    ['only that account', { status: 503, account: '1' }, [202, 202, 202]],
    ['until it is taken away', { status: 503 }, [503, 503, 503]],
  ])('%s', async (_sentence, given, expected) => {
    await fault({ api: 'sof', path: 'sof/status', ...given });
    expect(await statuses(3)).toEqual(expected);
  });

  test('only a request with that text in it', async () => {
    const other = await caller.order(account, { status: 'ready_to_ship' });
    await fault({ match: number, status: 503 });
    expect((await caller.report(token, other.packages[0]?.trackingNumber ?? '', 'shipped')).status).toBe(202);
    expect((await shipped()).status).toBe(503);
  });

  test('taken away, all goes well again', async () => {
    await fault({ status: 503 });
    await caller.control('DELETE', '/faults');
    expect((await shipped()).status).toBe(202);
  });

  test('a fault that says nothing of what goes wrong is no fault', async () => {
    await expect(fault({ api: 'sof', times: 1 })).rejects.toThrow(/says nothing of what goes wrong/);
  });

  test('what a fault answered is no refusal', async () => {
    await fault({ api: 'sof', path: 'sof/status', status: 400, times: 1 });
    await shipped();
    expect(simulator.counter.read()).toMatchObject({ refusals: {}, askedRefusals: {}, faults: 1 });
  });
});

describe('a rate limit', () => {
  const limit = (given: object) => caller.control('POST', '/control/behaviour', { limits: [given] });
  const codes = (answers: { code: unknown }[]) => answers.map(({ code }) => code);

  test.each(['ApiCallLimit', 'SellerCallLimit', 'AppCallLimit'] as const)(
    'answers %s to one call too many',
    async (answer) => {
      await limit({ perSecond: 2, answer });
      expect(codes(await Promise.all([items(), items(), items()])).sort()).toEqual(['0', '0', answer]);
      await caller.control('POST', '/control/behaviour', { limits: [] });
      expect(simulator.counter.read()).toMatchObject({ refusals: {}, askedRefusals: { rate_limited: 1 } });
    },
  );
});

function itemsUrl(): string {
  const query = caller.signed(account, '/order/items/get', { order_id: order.orderId });
  return `${caller.url}/rest/order/items/get?${new URLSearchParams(query)}`;
}
