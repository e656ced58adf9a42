import { describe, expect, test } from '@jest/globals';
import { DEFAULT_INVOICE_PATH_TEMPLATE } from '@lazada-sof/orders';
import { ConfigError, readConfig } from '@lazada-sof/runtime';
import { CHECKS } from './checks.ts';

const read = (template?: string) =>
  readConfig(['invoices'], template === undefined ? {} : { INVOICE_PATH_TEMPLATE: template }, CHECKS).invoices
    .pathTemplate;

function mistakesOf(template: string): readonly string[] {
  try {
    read(template);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

test('the default of the settings is that of the rules', () => {
  expect(read()).toBe(DEFAULT_INVOICE_PATH_TEMPLATE);
});

describe('a template is taken', () => {
  test.each([
    '{order_number}.pdf',
    '{account}/{yyyy}-{mm}/{order_number}.pdf',
    'in/v1.2/{country}_{order_number}{_Ppart}{_Rrevision}.pdf',
    '{order_number}/{order_number}.pdf',
    '{account}{order_number}/{order_number}.pdf',
    '{yyyy}{order_number}{mm}/{account}.pdf',
  ])('%s', (template) => expect(read(template)).toBe(template));
});

describe('a template is refused', () => {
  test.each([
    ['where two orders meet', '{country}/x.pdf', /\{order_number\} is missing/],
    ['where an account and a number run into each other', '{account}{order_number}.pdf', /touches \{order_number\}/],
    ['where they do behind a part', '{order_number}{_Ppart}{account}.pdf', /touches \{order_number\}/],
    ['with an unknown placeholder', '{order_number}{buyer}.pdf', /\{buyer\} is no placeholder.* use only/],
    ['with a placeholder misspelt', '{order-number}.pdf', /\{order-number\} is no placeholder/],
    ['with a placeholder without a name', '{}{order_number}.pdf', /\{\} is no placeholder/],
    ['with braces in braces', '{{order_number}}.pdf', /only letters, digits/],
    ['with a brace too many', '{order_number}}.pdf', /only letters, digits/],
    ['with a brace too few', '{order_number.pdf', /\{order_number\} is missing/],
    ['that climbs', '../{order_number}.pdf', /write a relative path/],
    ['that begins at the root', '/{order_number}.pdf', /may be empty/],
    ['with an empty part', 'a//{order_number}.pdf', /may be empty/],
    ['with two dots in a name', 'a..b/{order_number}.pdf', /hold "\.\."/],
    ['with two dots before the ending', '{order_number}..pdf', /hold "\.\."/],
    ['with a part that begins with a dot', '.hidden/{order_number}.pdf', /begin with "\."/],
    ['with a space', 'a b/{order_number}.pdf', /only letters, digits/],
    ['of Windows', 'C:\\{order_number}.pdf', /only letters, digits/],
    ['with a line break', '{order_number}.pdf\n', /write a relative path that ends in \.pdf/],
    ['that is no PDF', '{order_number}.exe', /must end in \.pdf/],
  ])('%s', (_, template, expected) => {
    expect(mistakesOf(template)).toEqual([expect.stringMatching(expected)]);
    expect(mistakesOf(template)[0]).toMatch(/^INVOICE_PATH_TEMPLATE=.* cannot be used: /);
  });
});
