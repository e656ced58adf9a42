import { expect, test } from '@jest/globals';
import { secretsIn } from './secrets-in.ts';

test.each([
  ['one that is all secret', 'abc', ['abc']],
  ['the password of an address', 'redis://:p%40ss@cache', ['p%40ss', 'p@ss']],
  ['keys of a list', 'new:key-1,old:key-2', ['key-1', 'key-2']],
  ['a password with commas', 'boss:left,right', ['left,right']],
  ['a password with colons too', 'boss:a:b,c:d', ['a:b,c:d']],
])('%s', (_, setting, secrets) => {
  expect(secretsIn(setting)).toEqual(expect.arrayContaining(secrets));
});
