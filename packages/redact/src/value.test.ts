import { expect, test } from '@jest/globals';
import { redactValue } from './value.ts';
import { rememberSecrets } from './values/known-secrets.ts';

const CANARY = 'canary-8f3a91';

test('values are copied safely: nested fields, errors with their causes, bytes, big numbers', () => {
  const cause = Object.assign(new Error(`login with "password":"${CANARY}"`), { code: 'login_refused' });
  const safe = JSON.stringify(
    redactValue({
      deep: [{ headers: { authorization: CANARY } }],
      shipping: { name: CANARY },
      [`?sign=${CANARY}`]: 1,
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

test('names of fields stay, whatever somebody stores as a secret', () => {
  rememberSecrets(['requestId', 'statuses-9', 'order-number-9']);
  expect(redactValue({ requestId: 'a', 'statuses-9': 1, said: 'of order-number-9' })).toEqual({
    requestId: 'a',
    'statuses-9': 1,
    said: 'of [redacted]',
  });
});

test('an object that holds itself is cut', () => {
  const loop: Record<string, unknown> = {};
  loop.again = loop;
  expect(JSON.stringify(redactValue(loop))).toContain('[deep]');
});

test('an expected failure has no stack, a surprise has one', () => {
  const expected = Object.assign(new Error('invoice not issued yet'), { kind: 'not-ready' });
  expect(redactValue(expected)).toEqual({ name: 'Error', message: 'invoice not issued yet', kind: 'not-ready' });
  expect(redactValue(new Error('surprise'))).toHaveProperty('stack');
});
