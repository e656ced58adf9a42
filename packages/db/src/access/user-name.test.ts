import { expect, test } from '@jest/globals';
import { nameMistake } from './user-name.ts';

test.each(['ann', 'a', 'Zoë.Ü', 'ann+night@example.com', 'สมชาย', '7of9', 'x'.repeat(100)])('%s is a name', (name) => {
  expect(nameMistake(name)).toBeNull();
});

test.each([
  ['nothing', ''],
  ['a space within', 'ann lee'],
  ['a space behind', 'ann '],
  ['a line', 'ann\nlee'],
  ['a colon, behind which the settings have a password', 'ann:lee'],
  ['a slash', 'ann/lee'],
  ['letters that steer a terminal', 'ann\u001b[2J'],
  ['letters that nobody sees', 'a\u200bnn'],
  ['a sign in front', '-ann'],
  ['half a surrogate pair', 'ann\ud800'],
  ['an accent on its own, by which two would look alike', 'Zoe\u0308'],
  ['more than a hundred letters', 'x'.repeat(101)],
])('%s is none', (_, name) => {
  expect(nameMistake(name)).toMatch(/^must be 1 to 100/);
});
