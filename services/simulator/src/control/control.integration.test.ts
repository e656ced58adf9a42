import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../simulator.ts';
import { type TestAccount, TestCaller } from '../test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;

beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
});
afterAll(() => simulator.close());
beforeEach(async () => {
  await caller.control('POST', '/control/reset', { seed: 3 });
  account = await caller.account({ name: 'shop-1' });
});

test('the same seed and the same script give the same ids and secrets, however often somebody signed in', async () => {
  const make = async (signIns: number) => {
    await caller.control('POST', '/control/reset', { seed: 5 });
    const made = await caller.account();
    for (let times = 0; times < signIns; times += 1) await caller.login(made);
    return [
      made.accessToken,
      made.sofPassword,
      await caller.orders(made, { count: 2, items: 2, createdAt: '2026-01-01T00:00:00Z', status: 'unpaid' }),
    ];
  };
  expect(await make(0)).toEqual(await make(2));
});

describe('a control call that makes no sense says what is wrong', () => {
  test.each<[string, string, string, object, RegExp]>([
    ['an account that does not exist', 'POST', '/control/orders', { account: 'nobody' }, /no account nobody/],
    ['a field that does not exist', 'POST', '/control/orders', { account: 'shop-1', colour: 'red' }, /colour/],
    ['an order that does not exist', 'POST', '/control/orders/12/events', { event: 'ship' }, /no order 12/],
    ['an account that exists', 'POST', '/control/accounts', { sellerId: '77' }, /account 77 exists already/],
    [
      'a SOF user that exists',
      'POST',
      '/control/accounts',
      { sofUsername: 'sof-77' },
      /SOF user sof-77 exists already/,
    ],
    ['an app with two secrets', 'POST', '/control/accounts', { appKey: '770', appSecret: 'x' }, /another secret/],
    [
      'a number for many orders',
      'POST',
      '/control/orders',
      { account: 'shop-1', orderNumber: '5', count: 2 },
      /names one order/,
    ],
    ['a limit that is none', 'GET', '/control/requests?limit=x', {}, /limit x/],
  ])('%s', async (_sentence, method, path, body, message) => {
    await caller.account({ sellerId: '77', appKey: '770' });
    await expect(caller.control(method, path, method === 'GET' ? undefined : body)).rejects.toThrow(message);
  });

  test('an event that the state does not allow', async () => {
    const order = await caller.order(account);
    const ship = caller.control('POST', `/control/orders/${order.orderNumber}/events`, { event: 'ship' });
    await expect(ship).rejects.toThrow(/ship is not possible .* is pending/);
  });
});

describe('what it was asked', () => {
  test('is written down without secrets', async () => {
    await caller.login(account);
    await caller.get(account, '/orders/get', { created_after: '2026-01-01T00:00:00+08:00' });
    await caller.post(account, '/auth/token/refresh', { refresh_token: account.refreshToken });
    const { requests } = await caller.control<{ requests: { call: string }[] }>('GET', '/control/requests');
    expect(requests.map(({ call }) => call)).toEqual(['sof/auth', '/orders/get', '/auth/token/refresh']);
    const text = JSON.stringify(requests);
    for (const secret of [account.sofPassword, account.accessToken, account.refreshToken, account.appSecret])
      expect(text).not.toContain(secret);
  });

  test('can be asked for by call', async () => {
    await caller.login(account);
    await caller.get(account, '/order/get', { order_id: '1' });
    const { requests } = await caller.control<{ requests: object[] }>('GET', '/control/requests?call=/order/get');
    expect(requests).toEqual([
      expect.objectContaining({
        account: account.sellerId,
        code: '16',
        refused: [{ reason: 'unknown_order', asked: false }],
      }),
    ]);
  });

  test('is counted, with the most of one account in any second', async () => {
    const other = await caller.account();
    await Promise.all([account, account, other].map((one) => caller.get(one, '/order/get', { order_id: '1' })));
    const { calls, peak } = simulator.counter.read();
    expect(calls).toEqual({ '/order/get': 3 });
    expect(peak).toEqual({ byCall: { '/order/get': 2 }, byApi: { lazada: 2 }, max: 2 });
  });
});

describe('the page', () => {
  test('escapes everything, and loads nothing from elsewhere', async () => {
    await caller.account({ name: '<script>alert(1)</script>' });
    await caller.control('POST', '/control/orders', { account: '<script>alert(1)</script>' });
    await caller.control('POST', '/faults', { api: 'dhl', body: '"><img src=x onerror=alert(1)>', times: 1 });
    await caller.sof('/api/statuses/', { status: '<b>bold</b>' });
    const answer = await fetch(caller.url);
    const page = await answer.text();
    expect(page).toContain('&lt;script&gt;alert(1)');
    expect(page).not.toMatch(/<(script|img|link|iframe)|<b>bold/);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('shows orders, refusals, and fault calls to copy', async () => {
    const order = await caller.order(account);
    await caller.get(account, '/order/get', { order_id: 'x' });
    const page = await (await fetch(caller.url)).text();
    for (const text of [order.orderNumber, 'id_not_bare', `curl -s ${caller.url}/faults`, '/control/counts'])
      expect(page).toContain(text);
  });
});

describe('DHL', () => {
  const ask = (number: string, headers: Record<string, string> = { 'dhl-api-key': 'any' }, more = '') =>
    fetch(`${caller.url}/track/shipments?trackingNumber=${number}${more}`, { headers });
  /** Not within a second of the last one. */
  const calm = () => caller.control('POST', '/control/reset', { only: 'counts' });

  test('tells what it was told', async () => {
    await caller.control('POST', '/control/dhl', {
      ...{ trackingNumber: '00340', statusCode: 'delivered', timestamp: '2026-01-31T12:00:00Z' },
    });
    await calm();
    expect(await (await ask('00340')).json()).toMatchObject({
      shipments: [{ id: '00340', status: { statusCode: 'delivered' } }],
    });
    const answer = { shipments: [{ id: 214, events: 'none' }], extra: true };
    await caller.control('POST', '/control/dhl', { trackingNumber: '214', answer });
    await calm();
    expect(await (await ask('214')).json()).toEqual(answer);
  });

  test.each([
    { says: 'a number that it does not know', number: '1', status: 404, title: 'No result found' },
    { says: 'who has no key', number: '1', headers: {}, status: 401, title: 'Unauthorized' },
    { says: 'another key', number: '1', rules: { key: 'mine' }, status: 401, title: 'Unauthorized' },
    { says: 'no number', number: '', status: 400, title: 'Bad Request' },
    { says: 'a parameter that it has not', number: '1', more: '&lang=en', status: 400, title: 'Bad Request' },
    { says: 'a call too many of the day', number: '1', rules: { perDay: 0 }, status: 429, title: 'Too Many Requests' },
  ])('refuses $says in its own words', async ({ number, headers, rules, more, status, title }) => {
    await caller.control('POST', '/control/reset', {});
    if (rules) await caller.control('POST', '/control/dhl/rules', rules);
    const answer = await ask(number, headers, more);
    expect([answer.status, answer.headers.get('content-type'), answer.headers.get('retry-after')]).toEqual([
      status,
      expect.stringContaining('application/problem+json'),
      null,
    ]);
    expect(await answer.json()).toMatchObject({ title, status, detail: expect.any(String) });
  });

  test('refuses a second call within a second, and says when to come again where it is told to', async () => {
    await calm();
    await caller.control('POST', '/control/dhl/rules', { retryAfter: '7' });
    const answers = await Promise.all([ask('1'), ask('1')]);
    expect(answers.map(({ status }) => status).toSorted()).toEqual([404, 429]);
    expect(answers.find(({ status }) => status === 429)?.headers.get('retry-after')).toBe('7');
  });
});

test('a file target fails where it is told to', async () => {
  await caller.control('POST', '/file-faults', { target: 'sftp', fault: 'disk-full', times: 2 });
  expect(simulator.files.sftp.faults.list()).toEqual([{ fault: 'disk-full', times: 2 }]);
  await caller.control('DELETE', '/file-faults');
  expect(await caller.control('GET', '/file-faults')).toEqual({ ftp: [], sftp: [] });
});

test('with a folder, the world and the keys are there again at the next start', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'sof-world-'));
  const first = await startSimulator({ folder });
  const before = new TestCaller(first);
  const kept = await before.account();
  const order = await before.order(kept, { status: 'ready_to_ship' });
  const hostKey = first.files.sftp.hostKey;
  await first.close();

  const second = await startSimulator({ folder });
  const after = new TestCaller(second);
  const token = await after.login(kept);
  expect((await after.report(token, order.packages[0]?.trackingNumber ?? '', 'shipped')).status).toBe(202);
  expect((await after.look(order)).items[0]?.status).toBe('shipped');
  expect((await after.order(kept)).orderId).not.toBe(order.orderId);
  expect(second.files.sftp.hostKey).toBe(hostKey);
  await second.close();
  rmSync(folder, { recursive: true });
});
