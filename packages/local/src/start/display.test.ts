import { expect, test } from '@jest/globals';
import { lineByLine } from './display.ts';

test('line by line, a part is printed when it is new, and one with a name once', () => {
  const printed: string[] = [];
  const display = lineByLine((text) => printed.push(text));
  display.show('', [{ text: 'orders 1' }, { name: 'to try', text: 'order 5' }]);
  display.show('', [{ text: 'orders 2' }, { name: 'to try', text: 'order 6' }]);
  display.show('', [{ text: 'orders 2' }]);
  expect(printed).toEqual(['orders 1', 'order 5', 'orders 2']);
});
