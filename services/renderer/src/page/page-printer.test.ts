import { expect, test } from '@jest/globals';
import type { Checker } from '../check/checker.ts';
import type { WarmBrowser } from './browser.ts';
import { pagePrinter } from './page-printer.ts';

test('two pages are printed at once, and the others wait', async () => {
  const open: (() => void)[] = [];
  const browser: WarmBrowser = {
    page: <T>() =>
      new Promise<T>((_, reject) => {
        open.push(() => reject(new Error('ended')));
      }),
    close: async () => undefined,
  };
  // Nothing comes so far as to be checked.
  const checker = {} as Checker;
  const printer = pagePrinter({ browser, checker });
  const printing = Promise.allSettled(['1', '2', '3', '4', '5'].map((page) => printer.print(page)));
  const most = [];
  await new Promise(setImmediate);
  for (let ended = 0; ended < 5; ended += 1) {
    most.push(open.length - ended);
    open[ended]?.();
    await new Promise(setImmediate);
  }
  await printing;
  expect(most).toEqual([2, 2, 2, 2, 1]);
});
