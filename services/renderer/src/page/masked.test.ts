import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { isMasked } from './masked.ts';

describe('masked is', () => {
  test.each([
    ['a name that is all stars', 'Name: ****'],
    ['a name in its cell', 'Buyer\t****\nOrder\t123'],
    ['a name of three stars behind its label', 'Name: ***'],
    ['a name with its ends left', 'Sold to J***n D*******e'],
    ['a name of two letters and stars', 'Sold to: L**n'],
    ['a name with its beginning left', 'J***, Singapore'],
    ['a long name with its beginning left', 'Maria******'],
    ['a Thai name', 'ชื่อ สุ****ย'],
    ['a Vietnamese name', 'Tên: Ng*****n'],
    ['an address with its beginning left', 'B**************, Singapore'],
    ['an address with its end left', 'Address ****gapore'],
    ['an address of stars and a country', '**** Singapore ****'],
    ['a telephone number', 'Tel 84*******38'],
    ['the end of a telephone number', 'Tel: ******38'],
    ['an e-mail address', 'j***@example.com'],
    ['an amount', 'Total ฿ ****'],
    ['an amount of three stars behind its currency', 'Total $***'],
    ['an amount with its point', 'Total **.**'],
    ['an amount with its first digit', '1*.**'],
    ['a value in brackets', 'Total (****)'],
    ['one in full-width stars', 'Name: ＊＊＊＊'],
    ['one in dots', 'Name: ●●●●'],
    ['labels and values in one line', 'Name **** Address ****'],
    ['more stars than a line of paper holds', '*'.repeat(500)],
  ])('%s', (_, text) => {
    expect(isMasked(text)).toBe(true);
  });
});

describe('not masked is', () => {
  test.each([
    ['an invoice without a star', 'Tax invoice 1\nTotal\t12.50'],
    ['an article that shouts', 'Running shoes *** NEW *** size 42'],
    ['an article that shouts without spaces', 'Shirt ***SALE*** blue\t1\t9.90'],
    ['an article with a star', 'Hotel 5* towel'],
    ['an article with bullets', '• soft • warm • red'],
    ['a footnote', 'Total***\n*** including VAT of 7 %'],
    ['a footnote of two stars', 'Price **\n** without delivery'],
    ['a multiplication', '2 * 3 * 4'],
    ['a line of stars across the page', `Shop\n${'*'.repeat(60)}\nTotal 1.00`],
    ['the number of a card', 'Paid by Visa **** **** **** 1234'],
    ['the end of the number of a card', 'Credit card ending in ****1234'],
  ])('%s', (_, text) => {
    expect(isMasked(text)).toBe(false);
  });
});

const MANY = 8 * 1024 * 1024;

test.each([
  ['eight megabytes of stars', '*'.repeat(MANY)],
  ['eight megabytes of stars behind a label', `Name: ${'*'.repeat(MANY)}`],
  ['eight megabytes of dots in place of stars', '●'.repeat(MANY / 3)],
  ['eight megabytes of one letter', 'ก'.repeat(MANY / 3)],
  ['eight megabytes of spaces that do not break', `Name:${'\u00a0'.repeat(MANY / 2)}`],
  ['eight megabytes of spaces and tabs', ' \t'.repeat(MANY / 2)],
  ['a megabyte of spaces', `x:${' '.repeat(1_000_000)}`],
  ['a megabyte of cards', 'card '.repeat(200_000)],
  ['a megabyte of pairs of stars', '** a'.repeat(250_000)],
  ['a megabyte of lines of stars', '***\n'.repeat(250_000)],
])('%s is judged before anybody loses patience', async (_, text) => {
  // In a process of its own: nothing here could end a pattern that goes over its text again and again.
  const judge = `import { isMasked } from '${new URL('./masked.ts', import.meta.url)}'; import { text } from 'node:stream/consumers'; isMasked(await text(process.stdin));`;
  const child = promisify(execFile)(process.execPath, ['--input-type=module', '-e', judge], { timeout: 30_000 });
  child.child.stdin?.end(text);
  await expect(child).resolves.toMatchObject({ stderr: '' });
});
