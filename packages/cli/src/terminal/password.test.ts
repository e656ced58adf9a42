import { PassThrough } from 'node:stream';
import { expect, test } from '@jest/globals';
import { readPassword } from './password.ts';

const stdinOf = (given: string, isTTY = false) => {
  const stdin = Object.assign(new PassThrough(), { isTTY });
  stdin.end(given);
  return stdin;
};

test.each([
  ['a line', 'correct horse\n', 'correct horse'],
  ['a line of Windows', 'correct horse\r\n', 'correct horse'],
  ['a line without its end', 'correct horse', 'correct horse'],
  ['spaces, which belong to it', ' correct horse \n', ' correct horse '],
])('%s of standard input is the password', async (_, given, password) => {
  expect(await readPassword({ stdin: stdinOf(given) })).toBe(password);
});

test.each([
  ['nothing', '', /^no password came/],
  ['an empty line', '\n', /^no password came/],
  ['two lines', 'correct horse\nbattery\n', /^standard input holds more than one line/],
])('%s is refused, without what came', async (_, given, words) => {
  const refused = readPassword({ stdin: stdinOf(given) });
  await expect(refused).rejects.toMatchObject({ exitCode: 1, message: expect.stringMatching(words) });
  await expect(refused).rejects.not.toThrow(/horse/);
});

test('on a terminal it is asked for, and nothing of it is shown', async () => {
  const shown: string[] = [];
  const password = await readPassword({ stdin: stdinOf('correct horse\n', true), ask: (words) => shown.push(words) });
  expect([password, shown]).toEqual(['correct horse', ['Password: ', '\n']]);
});

test('Ctrl-C on a terminal ends it', async () => {
  const asked = readPassword({ stdin: stdinOf('correct\u0003', true), ask: () => undefined });
  await expect(asked).rejects.toMatchObject({ exitCode: 130 });
});
