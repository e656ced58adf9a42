import { describe, expect, test } from '@jest/globals';
import { createRedact, isConfidential } from './redact.ts';

const CANARY = 'canary-8f3a91';
const { text, value } = createRedact();

describe('a secret in a text is blacked out', () => {
  test.each([
    ['the password of an address', `cannot reach postgresql://app:${CANARY}@db:5432/x`],
    ['the password of an address without user', `redis://:${CANARY}@cache`],
    ['a signature in a query', `GET /orders/get?app_key=1&sign=${CANARY}&x=1`],
    ['a token that comes first in a query', `/rest?access_token=${CANARY}`],
    ['a password in an excerpt of a body', `answer {"username":"shop","password":"${CANARY}"}`],
    ['a token in an excerpt with spaces', `{ "refresh_token" : "${CANARY}" }`],
    ['a phone number in an excerpt', `{"address_billing_phone":"${CANARY}"}`],
    ['an authorization header of the SOF module', `Authorization: JWT ${CANARY}`],
    ['an API key in a header', `authorization: Bearer ${CANARY}`],
  ])('%s', (_, written) => {
    const safe = text(written);
    expect(safe).not.toContain(CANARY);
    expect(safe).toContain('[redacted]');
  });
});

test('what is no secret stays readable', () => {
  const written = 'account shop-7, order 123: GET https://api.lazada.sg/rest/order/items/get?order_id=123 answered 503';
  expect(text(written)).toBe(written);
});

describe('a field is confidential by its name, however it is spelled', () => {
  test.each([
    'password',
    'sof_password',
    'sofPassword',
    'authorization',
    'Authorization',
    'access_token',
    'accessToken',
    'refresh_token',
    'app_secret',
    'appSecret',
    'sign',
    'cookie',
    'set-cookie',
    'Set-Cookie',
    'api_key',
    'token',
    'customer_first_name',
    'buyerName',
    'recipient_name',
    'phone',
    'phone2',
    'address',
    'address1',
    'addressShipping',
    'billing_address',
    'email',
  ])('%s', (name) => expect(isConfidential(name)).toBe(true));

  test.each([
    'name',
    'account',
    'orderNumber',
    'trackingNumber',
    'accessTokenExpiresAt',
    'sofUsername',
    'signal',
    'assigned',
    'status',
    'service',
    'code',
  ])('%s is not', (name) => expect(isConfidential(name)).toBe(false));
});

test('values are copied safely: nested fields, errors with their causes, bytes, big numbers', () => {
  const cause = Object.assign(new Error(`login with "password":"${CANARY}"`), { code: 'login_refused' });
  const safe = JSON.stringify(
    value({
      deep: [{ headers: { authorization: CANARY } }],
      error: new Error('outer', { cause }),
      pdf: Buffer.from(CANARY),
      orderId: 12n,
      passwordSet: true,
    }),
  );
  expect(safe).not.toContain(CANARY);
  expect(safe).toContain('login_refused');
  expect(safe).toContain('"orderId":"12"');
  expect(safe).toContain(`[${CANARY.length} bytes]`);
  expect(safe).toContain('"passwordSet":true');
});

test('an object that holds itself is cut', () => {
  const loop: Record<string, unknown> = {};
  loop.again = loop;
  expect(JSON.stringify(value(loop))).toContain('[deep]');
});

test('an expected failure has no stack, a surprise has one', () => {
  const expected = Object.assign(new Error('invoice not issued yet'), { kind: 'not-ready' });
  expect(value(expected)).toEqual({ name: 'Error', message: 'invoice not issued yet', kind: 'not-ready' });
  expect(value(new Error('surprise'))).toHaveProperty('stack');
});

describe('secrets of the settings are blacked out wherever they turn up', () => {
  test.each([
    ['a session secret', '0123456789abcdef', 'signed with 0123456789abcdef'],
    ['the password of an address, alone', 'sftp://u:hunter%21two@h?hostkey=x', 'server said: hunter!two is wrong'],
    ['the password of an address, encoded', 'sftp://u:hunter%21two@h?hostkey=x', 'tried hunter%21two'],
    ['one key of the ring', 'b:AAAAAAAA=,a:BBBBBBBB=', 'key BBBBBBBB= is wrong'],
    ["an administrator's password", 'ann:correct-horse', 'sign-in with correct-horse'],
  ])('%s', (_, secret, written) => {
    expect(createRedact([secret]).text(written)).toContain('[redacted]');
  });

  test('but a word of a few letters would black out half the log', () => {
    expect(createRedact(['redis://:sof@h']).text('lazada-sof')).toBe('lazada-sof');
  });
});
