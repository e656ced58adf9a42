import { expect, test } from '@jest/globals';
import { printer, table } from './output.ts';
import { progressOn } from './progress.ts';

/** A colour, a title, a line written over, letters from right to left. */
const STEERING = '\u001b[31m\u009d0;x\u0007\r\u202e';
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069]/;

function printed(json: boolean, print: (to: ReturnType<typeof printer>) => void): string {
  const written: string[] = [];
  print(printer(json, (text) => written.push(text)));
  return written.join('');
}

test("Lazada's words steer no terminal: text", () => {
  expect(printed(false, (print) => print.text(`last error: ${STEERING}no`))).not.toMatch(STEERS);
});

test('JSON loses nothing of them', () => {
  const value = { lastError: `${STEERING}no` };
  const written = printed(true, (print) => print.json(value));
  expect(written).not.toMatch(STEERS);
  expect(JSON.parse(written)).toEqual(value);
});

test('a row of a table is one line, whatever its cells hold', () => {
  const written = table(['name', 'says'], [['shop-7', `${STEERING}no\nshop-8  all is well`]]);
  expect(written.split('\n')).toHaveLength(2);
  expect(written).not.toMatch(STEERS);
});

test.each([true, false])('nor does what is shown of a progress (terminal: %s)', (isTTY) => {
  const written: string[] = [];
  let now = 0;
  const progress = progressOn({ isTTY, write: (text) => written.push(text) }, () => now);
  now = 60_000;
  progress.show(`waits for ${STEERING}shop-7`);
  expect(written.join('').replace('\r\u001b[K', '').replace(/\n$/, '')).not.toMatch(STEERS);
});
