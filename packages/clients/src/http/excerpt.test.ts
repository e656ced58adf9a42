import { expect, test } from '@jest/globals';
import { excerptOf } from './excerpt.ts';

const SECRET = 'S3cr3t"/+x';
test.each([
  ['a token in JSON', '{"access_token":"S3cr3t","code":"0"}', '{"access_token":"[redacted]","code":"0"}'],
  ['a password with an escaped quote', '{"password":"S3cr\\"3t","x":1}', '{"password":"[redacted]","x":1}'],
  ['a value that the excerpt cuts', '{"refresh_token":"S3cr3t', '{"refresh_token":"[redacted]'],
  ["a buyer's data", '{"phone":"+6591234567","address1":"S3cr3t"}', '{"phone":"[redacted]","address1":"[redacted]"}'],
  ['a signed query', 'GET /x?sign=S3cr3t&page=2', 'GET /x?sign=[redacted]&page=2'],
  ['an authorization', 'Authorization: JWT S3cr3tS3cr3t', 'Authorization: JWT [redacted]'],
  ['a token by its form', 'got eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjF9.S3cr3t', 'got [redacted]'],
  ['an e-mail address', 'mail s3cr3t@example.com now', 'mail [redacted] now'],
  ['a known secret as it is', `echo ${SECRET}!`, 'echo [redacted]!'],
  ['a known secret within JSON', JSON.stringify({ said: SECRET }), '{"said":"[redacted]"}'],
  ['a known secret within a form', `said=${encodeURIComponent(SECRET)}&x=1`, 'said=[redacted]&x=1'],
  [
    'nothing secret',
    '{"message":"tracking number X1 doesn\'t exist"}',
    '{"message":"tracking number X1 doesn\'t exist"}',
  ],
])('%s is shown as it may be', (_sentence, body, expected) => {
  expect(excerptOf(Buffer.from(body), [SECRET, ''])).toBe(expected);
});

test('a page becomes one line of 500 characters', () => {
  const shown = excerptOf(Buffer.from(`<html>\n\n  <body>${'x'.repeat(10_000)}`), []);
  expect(shown).toHaveLength(500);
  expect(shown).toMatch(/^<html> <body>x+$/);
});

test('a secret at the end of what is shown does not show by half', () => {
  const shown = excerptOf(Buffer.from(`${'x'.repeat(490)} "token":"S3cr3tS3cr3t"`), []);
  expect(shown).not.toContain('S3cr');
});
