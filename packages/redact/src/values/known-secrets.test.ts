import { describe, expect, test } from '@jest/globals';
import { redactText } from '../text.ts';
import { keepWords, rememberSecrets } from './known-secrets.ts';

const SECRET = 'S3cr3t"/+\\x-ü <&>';
const SHORT = 'kqz7vw';
rememberSecrets([SECRET, SHORT]);

const json = JSON.stringify;
const html = (text: string) =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');

describe('a secret that is known is hidden wherever it is echoed, under no name at all', () => {
  test.each([
    ['as it is', SECRET],
    ['in JSON', json({ said: SECRET })],
    ['in JSON in JSON', json({ said: json({ said: SECRET }) })],
    ['in an address', `/x?said=${encodeURIComponent(SECRET)}`],
    ['in an address in small letters', encodeURIComponent(SECRET).replaceAll(/%../g, (one) => one.toLowerCase())],
    ['in a form', new URLSearchParams({ said: SECRET }).toString()],
    ['in HTML', `<b>${html(SECRET)}</b>`],
    ['as Basic authorization of whomever', `sent ${btoa(`shop-7:${SHORT}`)}`],
    ['the same, of a longer name', `sent ${btoa(`shop-77:${SHORT}`)}`],
    ['the same, of another length', `sent ${btoa(`shop-777:${SHORT}`)}`],
    ['a short one alone', `user said ${SHORT}.`],
    ['a short one in a form', `a%3A${SHORT}%26x`],
    ['a short one on a line of its own in JSON', json(`a\n${SHORT}`)],
  ])('%s', (_, written) => {
    expect(redactText(written)).toContain('[redacted]');
    expect(redactText(written)).not.toMatch(/S3cr3t|kqz7vw/);
  });
});

test('several that lie over one another are hidden whole', () => {
  rememberSecrets(['inner-one-of-many', 'wide-inner-one-of-many-more', 'many-more-and-further']);
  expect(redactText('a wide-inner-one-of-many-more-and-further b')).toBe('a [redacted] b');
  expect(redactText('a inner-one-of-many b inner-one-of-many')).toBe('a [redacted] b [redacted]');
});

describe('what is no secret stays', () => {
  test.each([
    ['a number of an order that holds a short password', '123456', 'order 9123456789'],
    ['a longer word that does', 'lazada', 'lazadas orders'],
    ['a word as long as a password may not be', 'sofit', 'sofit'],
    ['a word of a few letters', 'status', 'status=503'],
    ['one with a dash', 'by-user', 'by-user'],
  ])('%s', (_, secret, written) => {
    rememberSecrets([secret]);
    expect(redactText(written)).toBe(written);
  });
});

test('words of ours that anybody may read are no secrets, whoever stores them as one, before or after', () => {
  rememberSecrets(['GET /v1/things/', '/things/:name 9']);
  expect(redactText('GET /v1/things/9')).toBe('[redacted]9');
  keepWords(['GET /v1/things/:name', 'DELETE /v1/things/:name']);
  rememberSecrets(['DELETE /v1/things/', 'v1/things', 'DELETE /v1/things/9']);
  expect(redactText('GET /v1/things/9, DELETE /v1/things/8')).toBe('GET /v1/things/9, DELETE /v1/things/8');
  // What goes on in no words of ours stays one.
  expect(redactText('a /things/:name 9, DELETE /v1/things/9')).toBe('a [redacted], [redacted]');
});

test('of very many those count that were seen last', () => {
  const nth = (n: number) => `secret-number-${n}-of-many`;
  rememberSecrets([nth(0)]);
  for (let n = 1; n <= 12_000; n++) rememberSecrets([nth(n), nth(0)]);
  expect(redactText(`${nth(0)} ${nth(11_000)} ${nth(12_000)}`)).toBe('[redacted] [redacted] [redacted]');
  expect(redactText(nth(1))).toBe(nth(1));
});
