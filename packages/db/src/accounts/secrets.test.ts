import { randomBytes } from 'node:crypto';
import { inspect } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { opened, openingOnly, SECRET_FIELDS, sealed } from './account-secrets.ts';
import { decrypt, encrypt, isEncrypted, isStale, parseKeys } from './secrets.ts';

const key = () => randomBytes(32).toString('base64');
const ring = parseKeys(`k1:${key()}`);
const place = { table: 'account.lazada', column: 'sof_password', rowId: '7' };

test('what is encrypted opens at its place', () => {
  const stored = encrypt(ring, place, 'pässwörd');
  expect(stored).toMatch(/^enc:k1:[A-Za-z0-9+/]+=*$/);
  expect(decrypt(ring, place, stored)).toBe('pässwörd');
});

test('the same secret twice looks different', () => {
  expect(encrypt(ring, place, 'x')).not.toBe(encrypt(ring, place, 'x'));
});

test.each([
  ['another row', { ...place, rowId: '8' }],
  ['another column', { ...place, column: 'app_secret' }],
  ['another table', { ...place, table: 'other' }],
])('moved to %s it does not open', (_, moved) => {
  const stored = encrypt(ring, place, 'secret');
  expect(() => decrypt(ring, moved, stored)).toThrow('does not open');
});

test('a byte that changed is noticed', () => {
  const stored = encrypt(ring, place, 'secret');
  const last = stored.at(-5) === 'A' ? 'B' : 'A';
  expect(() => decrypt(ring, place, `${stored.slice(0, -5)}${last}${stored.slice(-4)}`)).toThrow(
    'sof_password of row 7',
  );
});

test('half a secret does not open', () => {
  expect(() => decrypt(ring, place, 'enc:k1:AAAA')).toThrow('does not open');
});

test('a plain value comes back as it is, and is stale', () => {
  expect(decrypt(ring, place, 'written by the host')).toBe('written by the host');
  expect([isEncrypted('written by the host'), isStale(ring, 'written by the host')]).toEqual([false, true]);
});

test('after a rotation both keys open, and what the old one made is stale', () => {
  const [old, young] = [`k1:${key()}`, `k2:${key()}`];
  const stored = encrypt(parseKeys(old), place, 'secret');
  const rotated = parseKeys(`${young},${old}`);
  expect(decrypt(rotated, place, stored)).toBe('secret');
  expect([isStale(rotated, stored), isStale(rotated, encrypt(rotated, place, 'secret'))]).toEqual([true, false]);
});

test('a key that is gone is named', () => {
  const stored = encrypt(ring, place, 'secret');
  expect(() => decrypt(parseKeys(`k2:${key()}`), place, stored)).toThrow('sealed with key k1');
});

test('a key of the same name with other bytes is told of, and no secret with it', () => {
  const stored = encrypt(ring, place, 'canary');
  const wrong = () => decrypt(parseKeys(`k1:${key()}`), place, stored);
  expect(wrong).toThrow(/^sof_password of row 7 .*key k1 is not the one that sealed it.*ENCRYPTION_KEYS/);
  expect(wrong).toThrow(expect.objectContaining({ message: expect.not.stringContaining('canary') }));
});

test.each(SECRET_FIELDS)('a ring for pushes seals %s, and opens the app secret alone', (field) => {
  const forPushes = openingOnly(ring, ['appSecret']);
  const open = (stored: string) => opened(forPushes, '7', field, stored);
  const stored = sealed(forPushes, '7', field, 'secret');
  expect(opened(ring, '7', field, stored)).toBe('secret');
  if (field === 'appSecret') expect([open(stored), open('plain')]).toEqual(['secret', 'plain']);
  else for (const one of [stored, 'plain']) expect(() => open(one)).toThrow(/is not opened by this process/);
});

test.each(SECRET_FIELDS)('%s of one account does not open in another, nor in another column of the same', (field) => {
  const stored = sealed(ring, '7', field, 'secret');
  expect(() => opened(ring, '8', field, stored)).toThrow('does not open');
  for (const other of SECRET_FIELDS.filter((one) => one !== field))
    expect(() => opened(ring, '7', other, stored)).toThrow('does not open');
});

describe('keys that cannot be', () => {
  test.each([
    ['no id', key(), 'encryption key 1: must be id:base64'],
    ['too short', 'a:c2hvcnQ=', 'encryption key a: has 5 bytes, needs 32'],
    ['two of one id', `a:${key()},a:${key()}`, 'the same id'],
    ['nothing after the comma', `a:${key()},`, 'encryption key 2'],
  ])('%s', (_, text, message) => {
    expect(() => parseKeys(text)).toThrow(message);
  });

  test('a message holds no key', () => {
    const value = randomBytes(31).toString('base64');
    expect(() => parseKeys(`a:${value}`)).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining(value) }),
    );
  });
});

test('a key ring that is logged shows no key', () => {
  const value = key();
  expect(inspect(parseKeys(`a:${value}`), { depth: 9 })).not.toContain(value);
  expect(JSON.stringify([...parseKeys(`a:${value}`).keys])).not.toContain(value);
});
