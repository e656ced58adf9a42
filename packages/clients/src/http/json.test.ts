import { expect, test } from '@jest/globals';
import { bareDigits, NotAnIdError, parseJson } from './json.ts';

test.each([
  ['a whole number beyond 2^53 keeps its digits', '{"id":260422899198627123}', { id: '260422899198627123' }],
  ['a negative one too', '[-9007199254740993]', ['-9007199254740993']],
  ['a smaller one stays a number', '{"n":9007199254740991}', { n: 9007199254740991 }],
  ['a fraction stays a number', '{"price":12.5}', { price: 12.5 }],
  ['a huge float is no id', '{"n":1e300}', { n: 1e300 }],
  ['text stays text', '{"id":"260422899198627123"}', { id: '260422899198627123' }],
])('%s', (_sentence, text, expected) => {
  expect(parseJson(text)).toEqual(expected);
});

test('ids go out as bare digits', () => {
  expect(JSON.stringify({ order_id: bareDigits('260422899198627123') })).toBe('{"order_id":260422899198627123}');
});

test.each(['', '0123', '12a', '-5', '1,"x":2', '2.6E+14'])('"%s" is not an id', (given) => {
  expect(() => bareDigits(given)).toThrow(NotAnIdError);
});
