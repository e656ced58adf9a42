import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type Simulator, startSimulator } from '../simulator.ts';
import { type TestAccount, TestCaller } from '../test-caller.ts';

let simulator: Simulator;
let caller: TestCaller;
let account: TestAccount;
beforeAll(async () => {
  simulator = await startSimulator();
  caller = new TestCaller(simulator);
  account = await caller.account({ name: 'shop-1', alsoIn: ['MY', 'TH'] });
});
afterAll(() => simulator.close());

const BACK = 'https://app.example/back?own=1';
const open = (parameters: Record<string, string> = {}) => {
  const asked = { response_type: 'code', client_id: account.appKey, redirect_uri: BACK, state: 's-1', ...parameters };
  return fetch(`${caller.url}/oauth/authorize?${new URLSearchParams(asked)}`, { redirect: 'manual' });
};
const backAt = async (answer: Promise<Response>) => new URL((await answer).headers.get('location') ?? '');
const exchange = (code: string) => caller.get({ ...account, accessToken: '' }, '/auth/token/create', { code });

test('a seller who agrees is sent back with a code and the state; the code is good once, for half an hour', async () => {
  const back = await backAt(open({ as: account.sellerId }));
  expect(back.href).toMatch(/^https:\/\/app\.example\/back\?own=1&code=[^&]+&state=s-1$/);
  const code = back.searchParams.get('code') ?? '';
  expect(await exchange(code)).toMatchObject({ code: '0', access_token: expect.any(String) });
  expect(await exchange(code)).toMatchObject({ code: 'InvalidCode' });
  const late = (await backAt(open({ as: account.sellerId }))).searchParams.get('code') ?? '';
  await caller.control('POST', '/control/clock', { advanceSeconds: 1_801 });
  expect(await exchange(late)).toMatchObject({ code: 'InvalidCode' });
});

test('a seller across borders: every country is named, the answer is of none', async () => {
  const code = (await backAt(open({ as: account.sellerId }))).searchParams.get('code') ?? '';
  const answer = await exchange(code);
  expect(answer.country).toBe('cb');
  expect((answer.country_user_info as { country: string }[]).map(({ country }) => country)).toEqual(['sg', 'my', 'th']);
});

test('one who does not agree is sent back with the error', async () => {
  const back = await backAt(open({ as: 'nobody' }));
  expect(Object.fromEntries(back.searchParams)).toEqual({ own: '1', error: 'access_denied', state: 's-1' });
});

test('a person is asked who agrees, and told what to copy in the end', async () => {
  const page = await (await open()).text();
  expect(page).toContain(`as=${account.sellerId}`);
  expect(await (await fetch(`${caller.url}/consented?code=x`)).text()).toContain('sof account authorize');
});

describe('a link that makes no sense is refused', () => {
  test.each<[says: string, parameters: Record<string, string>, words: string]>([
    ['an app that is not known', { client_id: '1' }, 'app key of no account'],
    ['another answer than a code', { response_type: 'token' }, 'response_type must be code'],
    ['no address to go back to', { redirect_uri: 'back' }, 'redirect_uri must be an address'],
    ['somebody else', { as: '77' }, 'as=77 is no seller'],
  ])('%s', async (_, parameters, words) => {
    const answer = await open(parameters);
    expect({ status: answer.status, page: await answer.text() }).toEqual({
      status: 400,
      page: expect.stringContaining(words),
    });
  });
});
