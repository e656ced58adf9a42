import { expect, test } from '@jest/globals';
import { oneLine, printable, printableJson } from './printable.ts';

test.each([
  ['a colour', 'a\u001b[31mb', 'a[31mb'],
  ['C1, which is ESC and a letter in one', 'a\u009b31mb', 'a31mb'],
  ['a line written over', 'order 1 is lost\rb', 'order 1 is lost\nb'],
  ['a NUL', 'a\u0000b', 'ab'],
  ['DEL', 'a\u007fb', 'ab'],
  ['another direction', 'a\u202eb\u2066c\u2069\u200f', 'abc'],
  ['separators of lines and paragraphs', 'a\u2028b\u2029', 'ab'],
])('%s is taken out', (_, written, shown) => expect(printable(written)).toBe(shown));

test.each(['two\nlines\tand a tab', 'Trần Thị, ที่อยู่, 日本, 👩‍👧', 'zero\u200bwidth'])('%j stays', (text) => {
  expect(printable(text)).toBe(text);
});

test('a JSON text loses nothing, and steers nothing', () => {
  const value = { '\u009b': 'a\u001bb\u202ec\u2028\u007f', d: 'é' };
  const written = printableJson(JSON.stringify(value));
  expect(JSON.parse(written)).toEqual(value);
  expect(printable(written)).toBe(written);
});

test.each([
  ['lines', ' two\r\nlines\n\tand a tab ', 'two lines and a tab'],
  ['a line written over', 'order 1 is lost\rb', 'order 1 is lost b'],
  ['another direction', 'invoice\u202efdp.exe', 'invoicefdp.exe'],
])('on one line: %s', (_, written, shown) => expect(oneLine(written)).toBe(shown));
