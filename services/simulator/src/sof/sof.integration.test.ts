import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { RefusalReason } from '../server/refusal.ts';
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
  token = await caller.login(account);
  await ready();
  await caller.control('POST', '/control/reset', { only: 'counts' });
});

async function ready(script: object = {}, items = 1): Promise<void> {
  order = await caller.order(account, { status: 'ready_to_ship', items, script });
  number = numberOf(order);
}
const numberOf = ({ packages }: TestOrder) => packages[0]?.trackingNumber ?? '';
const event = (name: string, of = order) =>
  caller.control('POST', `/control/orders/${of.orderNumber}/events`, { event: name });
const counts = () => simulator.counter.read();
const report = async (...statuses: string[]) => {
  const answers: number[] = [];
  for (const status of statuses) answers.push((await caller.report(token, number, status)).status);
  return answers;
};

describe('signing in', () => {
  type Row = [sentence: string, ask: () => Promise<Response>, status: number, reason: RefusalReason];
  test.each<Row>([
    [
      'a wrong password',
      () => caller.sof('/api/auth', { username: account.sofUsername, password: 'x' }),
      401,
      'wrong_password',
    ],
    ['no password', () => caller.sof('/api/auth', { username: account.sofUsername }), 400, 'missing_parameter'],
    [
      'a form in place of JSON',
      () => caller.sof('/api/auth', {}, { 'content-type': 'application/x-www-form-urlencoded' }),
      400,
      'wrong_body_form',
    ],
    [
      'a field that is not known',
      () => caller.sof('/api/auth', { username: 'a', password: 'b', otp: 'c' }),
      400,
      'unknown_parameter',
    ],
    [
      'a user that is not known',
      () => caller.sof('/api/auth', { username: 'a', password: 'b' }),
      401,
      'wrong_password',
    ],
  ])('refuses %s', async (_sentence, ask, status, reason) => {
    expect((await ask()).status).toBe(status);
    expect(counts().refusals).toEqual({ [reason]: 1 });
  });

  test('the token carries its own end', async () => {
    const claims = JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString());
    expect(claims.exp - claims.iat).toBe(300);
  });

  test('a token that is over is refused', async () => {
    await caller.control('POST', '/control/clock', { advanceSeconds: 301 });
    expect(await report('shipped')).toEqual([401]);
    expect(counts().refusals).toEqual({ expired_token: 1 });
  });
});

describe('reporting a status', () => {
  type Row = [sentence: string, ask: () => Promise<Response>, status: number, text: string, reason: RefusalReason];
  const bearer = (authorization: string) =>
    caller.sof(
      '/api/statuses/',
      { status: 'shipped', tracking_number: number, timestamp: '2026-01-31T12:00:00+00:00' },
      { authorization },
    );

  test.each<Row>([
    ['a token without the word before it', () => bearer(token), 401, 'credentials', 'wrong_authorization'],
    ['the word of other APIs', () => bearer(`Bearer ${token}`), 401, 'credentials', 'wrong_authorization'],
    ['a token of nobody', () => bearer('JWT a.b.c'), 401, 'signature', 'unknown_token'],
    [
      'a status that does not exist',
      () => caller.report(token, number, 'lost'),
      400,
      'is not registered in the system',
      'unknown_status',
    ],
    [
      'a tracking number of nobody',
      () => caller.report(token, 'X1', 'shipped'),
      400,
      "doesn't exist",
      'unknown_tracking_number',
    ],
    [
      'a report without time',
      () => caller.report(token, number, 'shipped', { timestamp: undefined }),
      400,
      'required value missing',
      'missing_parameter',
    ],
    [
      'a time with Z',
      () => caller.report(token, number, 'shipped', { timestamp: '2026-01-31T12:00:00Z' }),
      400,
      'timestamp',
      'bad_parameter',
    ],
    [
      'a time in another zone',
      () => caller.report(token, number, 'shipped', { timestamp: '2026-01-31T12:00:00+08:00' }),
      400,
      'timestamp',
      'bad_parameter',
    ],
    [
      'a time with milliseconds',
      () => caller.report(token, number, 'shipped', { timestamp: '2026-01-31T12:00:00.000+00:00' }),
      400,
      'timestamp',
      'bad_parameter',
    ],
    [
      'a day that does not exist',
      () => caller.report(token, number, 'shipped', { timestamp: '2026-13-31T12:00:00+00:00' }),
      400,
      'timestamp',
      'bad_parameter',
    ],
    [
      'a field that is not known',
      () => caller.report(token, number, 'shipped', { note: 'x' }),
      400,
      'note',
      'unknown_parameter',
    ],
    [
      'a number that is no text',
      () => caller.report(token, number, 'shipped', { tracking_number: 7 }),
      400,
      'text',
      'bad_parameter',
    ],
    ['delivered before shipped', () => caller.report(token, number, 'delivered'), 400, 'not possible', 'illegal_state'],
  ])('refuses %s', async (_sentence, ask, status, text, reason) => {
    const answer = await ask();
    expect(answer.status).toBe(status);
    expect(await answer.text()).toContain(text);
    expect(counts()).toMatchObject({ refusals: { [reason]: 1 }, accepted: {} });
  });

  test("refuses another seller's tracking number", async () => {
    const other = await caller.account();
    const answer = await caller.report(await caller.login(other), number, 'shipped');
    expect([answer.status, await answer.text()]).toEqual([400, expect.stringContaining("doesn't exist")]);
  });

  test('an end without shipped is counted apart', async () => {
    await report('delivered', 'not_delivered');
    expect(counts().endedWithoutShipped).toBe(2);
  });

  test('refuses a second end', async () => {
    expect(await report('shipped', 'not_delivered', 'delivered')).toEqual([202, 202, 400]);
    expect(counts().refusals).toEqual({ end_twice: 1 });
  });

  test('refuses an end where a person ended it at Lazada', async () => {
    await report('shipped');
    await event('fail');
    expect(await report('delivered')).toEqual([400]);
    expect(counts().refusals).toEqual({ end_twice: 1 });
  });

  test('accepts a status twice, and counts the second as a duplicate', async () => {
    expect(await report('shipped', 'shipped', 'delivered', 'delivered')).toEqual([202, 202, 202, 202]);
    expect(counts()).toMatchObject({ refusals: {}, duplicates: 2, duplicatesByStatus: { shipped: 1, delivered: 1 } });
    const { accepted } = (await caller.look(order)).packages[0] ?? {};
    expect(accepted?.map(({ status }) => status)).toEqual(['shipped', 'shipped', 'delivered', 'delivered']);
    expect(accepted?.[0]?.timestamp).toBe('2026-01-31T12:00:00+00:00');
  });

  test('reports of one parcel that overlap are counted', async () => {
    await caller.control('POST', '/control/behaviour', { answerDelayMs: 50 });
    await Promise.all([caller.report(token, number, 'shipped'), caller.report(token, number, 'delivered')]);
    await caller.control('POST', '/control/behaviour', { answerDelayMs: 0 });
    await report('delivered');
    expect(counts().overlapping).toBe(1);
  });
});

describe('what a script makes of it', () => {
  const shown = async () => (await caller.look(order)).items.map(({ visibleStatus }) => visibleStatus);

  test('a status shows in the items only after a while', async () => {
    await ready({ visibleAfterSeconds: 10 });
    await report('shipped');
    expect(await shown()).toEqual(['ready_to_ship']);
    await caller.control('POST', '/control/clock', { advanceSeconds: 10 });
    expect(await shown()).toEqual(['shipped']);
  });

  test('what a status leads to counts at once, whatever shows', async () => {
    await ready({ visibleAfterSeconds: 10 });
    expect(await report('shipped', 'delivered')).toEqual([202, 202]);
  });

  test('a swallowed status never shows, and acts when it is sent again and not swallowed', async () => {
    await ready({ swallow: ['delivered'] });
    expect(await report('shipped', 'delivered')).toEqual([202, 202]);
    expect(await shown()).toEqual(['shipped']);
    await caller.control('PATCH', `/control/orders/${order.orderNumber}`, { swallow: [] });
    await report('delivered');
    expect(await shown()).toEqual(['delivered']);
  });

  test('a swallowed shipped does not make the end illegal', async () => {
    await ready({ swallow: ['shipped'] });
    expect(await report('shipped', 'delivered')).toEqual([202, 202]);
    expect(await shown()).toEqual(['delivered']);
  });

  test('a number can be unknown to the SOF module for a while, which is no refusal unasked', async () => {
    await ready({ sofKnowsAfterSeconds: 60 });
    expect(await report('shipped')).toEqual([400]);
    await caller.control('POST', '/control/clock', { advanceSeconds: 60 });
    token = await caller.login(account);
    expect(await report('shipped')).toEqual([202]);
    expect(counts()).toMatchObject({ refusals: {}, askedRefusals: { unknown_tracking_number: 1 } });
  });

  test('a cancelled item does not stop the rest of its package', async () => {
    await ready({}, 2);
    const [item] = order.items;
    await caller.control('POST', `/control/orders/${order.orderNumber}/events`, {
      event: 'cancel',
      items: [item?.orderItemId],
    });
    expect(await report('shipped', 'delivered')).toEqual([202, 202]);
    expect(await shown()).toEqual(['canceled', 'delivered']);
  });

  test('a package that Lazada packed again has another number, and the old one is gone', async () => {
    await event('repackElsewhere');
    const [old, fresh] = (await caller.look(order)).packages;
    expect(await report('shipped')).toEqual([400]);
    number = fresh?.trackingNumber ?? '';
    expect(number).not.toBe(old?.trackingNumber);
    expect(await report('shipped', 'delivered')).toEqual([202, 202]);
  });
});
