import { expect, test } from '@jest/globals';
import { afterAWhile, bar, progressOn, sayWhile } from './progress.ts';

function shown(isTTY: boolean, steps: readonly [seconds: number, line: string][]): string[] {
  const written: string[] = [];
  let seconds = 0;
  const progress = progressOn({ isTTY, write: (text) => written.push(text) }, () => seconds * 1_000);
  for (const [at, line] of steps) {
    seconds = at;
    progress.show(line);
  }
  progress.clear();
  return written;
}

test('a terminal has one line that is written over, and nothing of it in the end', () => {
  expect(
    shown(true, [
      [0, 'one'],
      [0.1, 'two'],
    ]),
  ).toEqual(['\r\u001b[Kone', '\r\u001b[Ktwo', '\r\u001b[K']);
});

test('a log has a line every ten seconds, and none of what takes less', () => {
  expect(
    shown(false, [
      [0, 'one'],
      [9, 'two'],
      [11, 'three'],
      [12, 'four'],
      [25, 'five'],
    ]),
  ).toEqual(['three\n', 'five\n']);
});

test('of what takes less than two seconds nothing is said, and nothing is cleared away', () => {
  const written: string[] = [];
  let seconds = 0;
  const clock = () => seconds * 1_000;
  const terminal = { isTTY: true, write: (text: string) => written.push(text) };
  const progress = afterAWhile(progressOn(terminal, clock), clock);
  for (const at of [0, 1.9, 2]) {
    seconds = at;
    progress.clear();
    progress.show(`at ${at}`);
  }
  progress.clear();
  progress.clear();
  expect(written).toEqual(['\r\u001b[Kat 2', '\r\u001b[K']);
});

test('what is waited for is said until it is there, and cleared away', async () => {
  const written: string[] = [];
  const said = Promise.withResolvers<void>();
  const progress = {
    show(line: string) {
      written.push(line);
      said.resolve();
    },
    clear: () => void written.push('cleared'),
  };
  const work = () => said.promise.then(() => 'answer');
  expect(await sayWhile('waiting …', work, { progress, everyMs: 1 })).toBe('answer');
  expect([written[0], written.at(-1)]).toEqual(['waiting …', 'cleared']);
});

test.each([
  [0, 10, '[                    ]'],
  [5, 10, '[##########          ]'],
  [999, 1_000, '[################### ]'],
  [10, 10, '[####################]'],
  // Orders came meanwhile.
  [12, 10, '[####################]'],
  [0, 0, '[####################]'],
])('a bar of %i of %i', (done, all, shown) => {
  expect(bar(done, all)).toBe(shown);
});
