import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { HOSTILE_TEXTS } from './hostile-texts.fixture.ts';
import { redactText } from './text.ts';
import { rememberSecrets } from './values/known-secrets.ts';

const SHORT = 16 * 1024;
const TIMES = 4;
/** As much text takes as much time in one piece as in four; where time grows with its square it takes four times as much. */
const MOST = 2.5;
/** Some systems count processor time in steps of 4 ms: so much that a few of them do not matter. */
const ENOUGH = 80_000;

/** Microseconds of processor time of this thread alone: whatever else the machine does is not in it. */
function busyFor(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

/** How much longer one does than the other, by turns until both have done enough. */
function ratioOf(one: () => void, other: () => void): number {
  let [first, second] = [0, 0];
  while (first < ENOUGH && second < ENOUGH) {
    first += busyFor(one);
    second += busyFor(other);
  }
  return first / second;
}

function wholeToPieces(textOf: (length: number) => string): number {
  const [short, long] = [textOf(SHORT), textOf(SHORT * TIMES)];
  const whole = () => void redactText(long, { foreign: true });
  const pieces = () => {
    for (let n = 0; n < TIMES; n++) redactText(short, { foreign: true });
  };
  return ratioOf(whole, pieces);
}

describe('time grows with the length of the text and not with its square', () => {
  // Also with as many secrets to look for as are ever known.
  beforeAll(() => rememberSecrets(Array.from({ length: 10_000 }, () => randomBytes(30).toString('base64'))));

  test.each(Object.entries(HOSTILE_TEXTS))('%s', (_, textOf) => expect(wholeToPieces(textOf)).toBeLessThan(MOST));

  test('and this would tell: a pattern that looks for addresses', () => {
    const address = /([a-z][a-z0-9+.-]*:\/\/):/gi;
    const read = (length: number) => 'x'.repeat(length).replaceAll(address, '');
    const pieces = () => {
      for (let n = 0; n < TIMES; n++) read(SHORT / TIMES);
    };
    expect(ratioOf(() => read(SHORT), pieces)).toBeGreaterThan(MOST);
  });
});
