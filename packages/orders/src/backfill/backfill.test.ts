import { expect, test } from '@jest/globals';
import { Failure, type FailureKind } from '../model/failure.ts';
import { backfillBounds, backfillPauseMs, endOfPiece, HELD_ROWS, type PieceEnd } from './backfill.ts';

const failing = (orderNumber: string, kind: FailureKind, code = 'no') => ({
  orderNumber,
  failure: new Failure(kind, `${orderNumber}: ${kind}`, { code }),
});
const allOf = (size: number, kind: FailureKind, code?: string) =>
  Array.from({ length: size }, (_, n) => failing(`${n}`, kind, code));
const held = (size: number) => allOf(size, 'transient', HELD_ROWS);

type Row = { says: string; size?: number; failed: ReturnType<typeof failing>[]; tries?: number; end: object };
const over = (...numbers: string[]) => ({ kind: 'over', leftOut: numbers.map((orderNumber) => ({ orderNumber })) });
const again = (kind: FailureKind, code?: string) => ({ kind: 'again', failure: { kind, ...(code && { code }) } });

test.each<Row>([
  { says: 'all of it read', failed: [], end: over() },
  { says: 'nothing in it', size: 0, failed: [], end: over() },
  { says: 'a read refused: told, and on', failed: [failing('7', 'rejected')], end: over('7') },
  { says: 'every read refused: told, and on', size: 2, failed: allOf(2, 'rejected'), end: over('0', '1') },
  { says: 'Lazada away: again', size: 2, failed: allOf(2, 'transient'), end: again('transient') },
  {
    says: 'away for long: again, as long as the ladder has rungs',
    size: 2,
    failed: allOf(2, 'transient'),
    tries: 12,
    end: again('transient'),
  },
  { says: 'one that fails while others are read: again', failed: [failing('7', 'transient')], end: again('transient') },
  { says: 'likewise for the eighth time', failed: [failing('7', 'transient')], tries: 7, end: again('transient') },
  { says: 'and for the ninth: told, and on', failed: [failing('7', 'transient')], tries: 8, end: over('7') },
  {
    says: 'one refused and one that fails: again',
    failed: [failing('6', 'rejected'), failing('7', 'transient')],
    end: again('transient'),
  },
  {
    says: 'both told once it has failed nine times',
    failed: [failing('6', 'rejected'), failing('7', 'transient')],
    tries: 8,
    end: over('6', '7'),
  },
  {
    says: 'no turn: waited for, however often',
    failed: [failing('7', 'rate-limited')],
    tries: 12,
    end: again('rate-limited'),
  },
  {
    says: 'credentials that are refused, before all else',
    failed: [failing('6', 'transient'), failing('7', 'misconfigured')],
    tries: 12,
    end: again('misconfigured'),
  },
  { says: 'all of its rows held: again', size: 2, failed: held(2), end: again('transient', HELD_ROWS) },
  { says: 'some of them held: again', failed: held(20), tries: 8, end: again('transient', HELD_ROWS) },
  { says: 'held an hour later still: again', size: 2, failed: held(2), tries: 9, end: again('transient', HELD_ROWS) },
  { says: 'held for the eleventh time: told, and on', size: 2, failed: held(2), tries: 10, end: over('0', '1') },
  {
    says: 'one that fails for the ninth time and one held: the held one is still waited for',
    size: 2,
    failed: [...held(1), failing('7', 'transient')],
    tries: 8,
    end: again('transient', HELD_ROWS),
  },
  {
    says: 'some held while Lazada is away for the others: Lazada is waited for first',
    failed: [...held(20), ...allOf(30, 'transient')],
    end: again('transient', 'no'),
  },
  {
    says: 'some held while no turn comes',
    failed: [...held(20), failing('7', 'rate-limited')],
    tries: 12,
    end: again('rate-limited'),
  },
])('a piece: $says', ({ size = 50, failed, tries = 0, end }) => {
  expect(endOfPiece({ size, failed, tries })).toMatchObject(end as PieceEnd);
});

test('what is told of an order are the words of its failure', () => {
  expect(endOfPiece({ size: 1, failed: [failing('7', 'rejected')], tries: 0 })).toEqual({
    kind: 'over',
    leftOut: [{ orderNumber: '7', reason: '7: rejected' }],
  });
});

test.each([
  ['one day', '2026-03-01', '2026-03-01', '2026-02-28T16:00:00Z', '2026-03-01T16:00:00Z'],
  ['a month, both ends included', '2026-03-01', '2026-03-31', '2026-02-28T16:00:00Z', '2026-03-31T16:00:00Z'],
])('days of the account’s zone: %s', (_, from, to, first, until) => {
  expect(backfillBounds({ from, to }, 'Asia/Singapore')).toEqual({ from: new Date(first), until: new Date(until) });
});

test.each([
  [10, 400],
  [1, 4_000],
  [0.3, 13_334],
  [0.01, 60_000],
])('of %d calls a second a backfill makes a quarter at most', (callsPerSecond, pauseMs) => {
  expect(backfillPauseMs(callsPerSecond)).toBe(pauseMs);
});
