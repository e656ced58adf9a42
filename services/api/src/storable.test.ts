import { expect, test } from '@jest/globals';
import { unstorable } from './storable.ts';

const DEEP = `${'{"a":['.repeat(50_000)}${']}'.repeat(50_000)}`;

test.each<[what: string, value: unknown, fields: string[]]>([
  ['a NUL', { name: 'a\0' }, ['name']],
  ['half a pair', { name: 'a\ud83d' }, ['name']],
  ['the other half', { name: '\ude00' }, ['name']],
  ['a whole pair', { name: '😀' }, []],
  ['something deep, named', { items: [{ sku: 'a' }, { sku: '\0' }] }, ['items.1.sku']],
  ['several', { one: '\0', two: ['\0'] }, ['one', 'two.0']],
  ['the name of a field', { 'a\0': 1 }, ['body']],
  ['something nested 100,000 deep', JSON.parse(`{"list":${DEEP}}`), ['list']],
  ['text alone', '\0', ['body']],
  ['what is no text', { at: new Date(0), bytes: Buffer.from([0]), nothing: null, missing: undefined, is: true }, []],
])('%s', (_, value, fields) => {
  expect(unstorable(value).map(({ field }) => field)).toEqual(fields);
});

test('no value is shown, since it may be a password', () => {
  expect(unstorable({ password: 'secret\0' })).toEqual([{ field: 'password', detail: expect.any(String) }]);
});
