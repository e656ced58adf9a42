import { expect, test } from '@jest/globals';
import { after, anAccount, anOrder, T0 } from '../model/order.fixture.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../model/schedules.ts';
import { deadlineInWords } from './deadline.ts';

const at = '2026-03-02 12:00 (Asia/Singapore)';
test.each([
  [59 * SECOND, `ship by ${at}, less than a minute left`],
  [20 * MINUTE + 59 * SECOND, `ship by ${at}, 20 min left`],
  [3 * HOUR + 20 * MINUTE, `ship by ${at}, 3 h 20 min left`],
  [4 * HOUR, `ship by ${at}, 4 h left`],
  [2 * DAY + 3 * HOUR + MINUTE, `ship by ${at}, 2 d 3 h left`],
  [0, `late since ${at}, for less than a minute`],
  [-90 * MINUTE, `late since ${at}, for 1 h 30 min`],
  [-DAY, `late since ${at}, for 1 d`],
])('%i ms before its deadline', (left, words) => {
  expect(deadlineInWords(anOrder({ shipBy: T0 }), after(-left))).toBe(words);
});

test('by the clock of its account', () => {
  const account = anAccount({ timezone: 'America/Santiago' });
  expect(deadlineInWords(anOrder({ shipBy: T0, account }), T0)).toMatch(
    /^late since 2026-03-02 01:00 \(America\/Santiago\)/,
  );
});

test('an order without one', () => {
  expect(deadlineInWords(anOrder(), T0)).toBeNull();
});
