import { randomBytes } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { HOSTILE_TEXTS } from './hostile-texts.ts';
import { redactText } from './text.ts';
import { rememberSecrets } from './values/known-secrets.ts';

const SHORT = 16 * 1024;
const TIMES = 4;
const ROUNDS = 5;
/** As much text takes as much time in one piece as in four; where time grows with its square it takes four times as much. */
const MOST = 2.5;

/** Processor time of this thread alone: whatever else the machine does is not in it. */
function microseconds(work: () => void): number {
  const before = process.threadCpuUsage();
  work();
  const { user, system } = process.threadCpuUsage(before);
  return user + system;
}

function ratioOf(textOf: (length: number) => string): number {
  const [short, long] = [textOf(SHORT), textOf(SHORT * TIMES)];
  let best = { pieces: Number.POSITIVE_INFINITY, whole: Number.POSITIVE_INFINITY };
  for (let round = 0; round < ROUNDS; round++) {
    const pieces = microseconds(() => {
      for (let n = 0; n < TIMES; n++) redactText(short, { foreign: true });
    });
    const whole = microseconds(() => redactText(long, { foreign: true }));
    best = { pieces: Math.min(best.pieces, pieces), whole: Math.min(best.whole, whole) };
  }
  return best.whole / best.pieces;
}

describe('time grows with the length of the text and not with its square', () => {
  // Also with as many secrets to look for as are ever known.
  beforeAll(() => rememberSecrets(Array.from({ length: 10_000 }, () => randomBytes(30).toString('base64'))));

  test.each(Object.entries(HOSTILE_TEXTS))('%s', (_, textOf) => expect(ratioOf(textOf)).toBeLessThan(MOST));

  test('and this would tell: a pattern that looks for addresses', () => {
    const address = /([a-z][a-z0-9+.-]*:\/\/):/gi;
    const time = (length: number) => microseconds(() => 'x'.repeat(length).replaceAll(address, ''));
    const [short, long] = [time(SHORT / TIMES), time(SHORT)];
    expect(long / (short * TIMES)).toBeGreaterThan(MOST);
  });
});
