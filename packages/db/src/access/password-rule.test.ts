import { beforeAll, describe, expect, test } from '@jest/globals';
import { loadPasswordRule, type PasswordRule } from './password-rule.ts';

let rule: PasswordRule;
beforeAll(async () => {
  rule = await loadPasswordRule();
});

test.each([
  ['some words', 'correct horse battery'],
  ['random letters', 'kX7-vQ2m_Lp9'],
  ['twelve letters, counted as a person does', 'żółw-ćma-łoś'],
  ['letters of another script', 'ปลาทองว่ายน้ำเร็ว'],
  ['as long as can be sent', 'correct horse battery '.repeat(45)],
])('%s may be one', (_, password) => {
  expect(rule(password, 'ann')).toBeNull();
});

test.each([
  ['nothing', '', /^has 0 characters; at least 12/],
  ['eleven characters', 'kX7-vQ2m_Lp', /^has 11 characters; at least 12/],
  ['eleven emoji, which are twice as many units', '🐟🐠🐡🦈🐙🐚🦀🦞🦐🦑🐳', /^has 11 characters/],
  ['more than can be sent', 'x y z '.repeat(200), /^is longer than 1000/],
  ['two lines', 'correct horse\nbattery', /^holds a line break/],
  ['NUL', 'correct horse\u0000battery', /^holds a line break or another control/],
])('%s may not', (_, password, words) => {
  expect(rule(password, 'ann')).toMatch(words);
});

describe('among the most common is', () => {
  test.each([
    ['one of the list', 'qwertyuiop123'],
    ['one of the list in other capitals', 'Password1234'],
    ['a row of digits', '123456789012'],
    ['one letter', 'aaaaaaaaaaaa'],
    ['one of the list twice', 'passwordpassword'],
    ['one of the list with something behind', 'Password123!'],
    ['one of the list with digits for letters', 'p@ssw0rd1234'],
    ['rows of the keyboard', '1qaz2wsx3edc4rfv'],
    ['one of the list many times', 'letmein'.repeat(100)],
    ['what is so in the 32 letters that are looked at', `${'password'.repeat(4)} correct horse battery`],
    ['one of the list with other letters, four times over', 'p4$$w0rdP@55w0rd'.repeat(4)],
    ['the person’s own name', 'Ann-Margaret.Olsen'],
    ['the name with a digit behind', 'ann-margaret.olsen1'],
  ])('%s', (_, password) => {
    const words = rule(password, 'ann-margaret.olsen');
    expect(words).toMatch(/^is among the most common/);
    expect(words).not.toContain(password);
  });
});
