import { describe, expect, test } from '@jest/globals';
import { isMet, readRows, rowInWords, rowOf, tableOf } from './row.ts';

const QUICK = { measure: 'ours / bare', ratio: { atLeast: 0.6 } };
const SHORT = { measure: 'a wait, ms', ours: { atMost: 20 } };
const SHOWN = { measure: 'ours / another' };

test('a row holds what was found, the ratio and the goal', () => {
  expect(rowOf('P1', QUICK, { ours: 500, floor: 1_000 })).toEqual({
    id: 'P1',
    measure: 'ours / bare',
    goal: '≥ 0.6',
    floor: 1_000,
    ours: 500,
    ratio: 0.5,
  });
});

test('what is compared with nothing has neither floor nor ratio', () => {
  expect(rowOf('P15', SHORT, { ours: 12.34567 })).toMatchObject({
    goal: '≤ 20',
    floor: null,
    ours: 12.35,
    ratio: null,
  });
});

describe('a goal is', () => {
  test.each([
    ['met by a ratio on its edge', QUICK, { ours: 6, floor: 10 }, true],
    ['missed by a lower ratio', QUICK, { ours: 5, floor: 10 }, false],
    ['missed by a ratio that is none', QUICK, { ours: 5 }, false],
    ['met by ours below it', SHORT, { ours: 19, floor: 1 }, true],
    ['missed by ours above it', SHORT, { ours: 21 }, false],
    ['missed by what is not a number', SHORT, { ours: Number.NaN }, false],
    ['met where there is none', SHOWN, { ours: 1, floor: 10 }, true],
  ])('%s', (_, measure, found, met) => {
    expect(isMet(measure, rowOf('P', measure, found))).toBe(met);
  });
});

test('in words', () => {
  expect(rowInWords(rowOf('P1', QUICK, { ours: 500, floor: 1_000 }), false)).toBe(
    '  P1 ours / bare: 500 / 1,000 = 0.500, goal ≥ 0.6: MISSED',
  );
  expect(rowInWords(rowOf('P15', SHORT, { ours: 12 }), true)).toBe('  P15 a wait, ms: 12.0, goal ≤ 20: met');
  expect(rowInWords(rowOf('P2', SHOWN, { ours: 1, floor: 4 }), true)).toBe('  P2 ours / another: 1.00 / 4.00 = 0.250');
});

test('rows as lines of JSON are read back, whatever stands between them', () => {
  const rows = [rowOf('P1', QUICK, { ours: 1, floor: 2 }), rowOf('P15', SHORT, { ours: 3 })];
  const lines = rows.map((row) => JSON.stringify(row)).join('\n');
  expect(readRows(`> npm\n${lines}\n`)).toEqual(rows);
});

test('a table', () => {
  expect(tableOf([rowOf('P15', SHORT, { ours: 3 })]).split('\n')).toEqual([
    '| id | measure | goal | floor | ours | ratio |',
    '| --- | --- | --- | --- | --- | --- |',
    '| P15 | a wait, ms | ≤ 20 |  | 3.00 |  |',
  ]);
});
