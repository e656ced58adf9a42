import { expect, test } from '@jest/globals';
import { sign } from './sign.ts';

test("Lazada's documented example", () => {
  const params = {
    app_key: '123456',
    access_token: 'test',
    order_id: '1234',
    sign_method: 'sha256',
    timestamp: '1517820392000',
  };
  expect(sign('/order/get', params, 'helloworld')).toBe(
    '4190D32361CFB9581350222F345CB77F3B19F0E31D162316848A2C1FFD5FAB4A',
  );
});

test('the order in which parameters are given does not matter', () => {
  expect(sign('/p', { b: '2', a: '1' }, 's')).toBe(sign('/p', { a: '1', b: '2' }, 's'));
});

test('names are sorted by code unit, capitals first', () => {
  expect(sign('/p', { trackInfo: '1', tag: '2', Zone: '3', app_key: '4' }, 's')).toBe(
    sign('/pZone3app_key4tag2trackInfo1', {}, 's'),
  );
});

test('values are signed raw, as UTF-8', () => {
  expect(sign('/p', { name: 'ร้าน & co' }, 's')).toBe(sign('/pnameร้าน & co', {}, 's'));
});
