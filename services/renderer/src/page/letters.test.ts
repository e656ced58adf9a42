import { describe, expect, test } from '@jest/globals';
import { inWords, missingLetters, sheetOf } from './letters.ts';

const LETTERS = ['U', 'ก', 'qิ', '𒀀'];

test('a sheet has each letter behind its number, and no markup of the page', () => {
  expect(sheetOf(['<', 'qิ'])).toContain('<p dir="ltr">U+003C.:&lt;</p><p dir="ltr">U+0071.U+0E34.:qิ</p>');
});

describe('missing is the letter whose number stands before the gap', () => {
  test.each([
    ['alone', ['U+12000.:'], ['𒀀']],
    ['behind a letter that looks like a number', ['U+0055.:UU+0E01.:'], ['ก']],
    ['as a part of it', ['U+0055.:UU+0071.U+0E34.:q'], ['qิ']],
    ['several, in the order of their numbers', ['U+12000.:', 'U+0E01.:', 'U+12000.:'], ['ก', '𒀀']],
    ['none, where the gap stands elsewhere', ['Invoice', 'U+FFFF.:'], []],
  ])('%s', (_, gaps, missing) => {
    expect(missingLetters(LETTERS, gaps)).toEqual(missing);
  });
});

describe('in words', () => {
  test.each([
    ['one', ['𒀀'], 'letters that no font has: U+12000 (𒀀)'],
    ['a letter of two', ['qิ'], 'letters that no font has: U+0071 U+0E34 (qิ)'],
    ['none that could be told', [], 'letters that no font has'],
  ])('%s', (_, missing, words) => {
    expect(inWords(missing)).toBe(words);
  });

  test('many are counted', () => {
    const many = Array.from({ length: 25 }, (_, at) => String.fromCodePoint(0x12000 + at));
    expect(inWords(many)).toMatch(/U\+12013 \(.+\) and 5 more$/);
  });
});
