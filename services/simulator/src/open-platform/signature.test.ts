import { expect, test } from '@jest/globals';
import { isSignedBy, signatureOf } from './signature.ts';

/** The vector of Lazada's own documentation. */
const PARAMETERS = {
  app_key: '123456',
  access_token: 'test',
  order_id: '1234',
  sign_method: 'sha256',
  timestamp: '1517820392000',
};
const SIGN = '4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A';

test('the documented request has the documented signature', () => {
  expect(signatureOf('/order/get', PARAMETERS, 'helloworld')).toBe(SIGN);
});

test.each<[string, string, Record<string, string>, string]>([
  ['another path', '/order/items/get', { ...PARAMETERS, sign: SIGN }, 'helloworld'],
  ['another value', '/order/get', { ...PARAMETERS, order_id: '1235', sign: SIGN }, 'helloworld'],
  ['one parameter more', '/order/get', { ...PARAMETERS, offset: '0', sign: SIGN }, 'helloworld'],
  ['another secret', '/order/get', { ...PARAMETERS, sign: SIGN }, 'helloworld2'],
  ['lower case', '/order/get', { ...PARAMETERS, sign: SIGN.toLowerCase() }, 'helloworld'],
  ['no signature', '/order/get', PARAMETERS, 'helloworld'],
])('%s is not signed by it', (_sentence, path, parameters, secret) => {
  expect(isSignedBy('/order/get', { ...PARAMETERS, sign: SIGN }, 'helloworld')).toBe(true);
  expect(isSignedBy(path, parameters, secret)).toBe(false);
});
