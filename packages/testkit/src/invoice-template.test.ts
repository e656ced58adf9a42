/** A template comes in by the settings and with an account: both doors take the same ones. */
import { describe, expect, test } from '@jest/globals';
import { DEFAULT_INVOICE_PATH_TEMPLATE, invoiceTemplateMistakes } from '@lazada-sof/orders';
import { SETTINGS } from '@lazada-sof/runtime';
import fc from 'fast-check';

const { type, default: ofSettings } = SETTINGS.invoices.pathTemplate;
const taken = (template: string) => ({
  settings: type.safeParse(template).success,
  accounts: invoiceTemplateMistakes(template).length === 0,
});

test('the settings and the rules have the same default', () => {
  expect(ofSettings).toBe(DEFAULT_INVOICE_PATH_TEMPLATE);
});

describe('taken by both', () => {
  test.each([
    DEFAULT_INVOICE_PATH_TEMPLATE,
    '{order_number}.pdf',
    '{account}/{yyyy}-{mm}/{order_number}.pdf',
    'in/v1.2/{country}_{order_number}{_Ppart}{_Rrevision}.pdf',
    '{order_number}/{order_number}.pdf',
  ])('%s', (template) => expect(taken(template)).toEqual({ settings: true, accounts: true }));
});

describe('refused by both', () => {
  test.each([
    ['', 'nothing'],
    ['{account}.pdf', 'no order number'],
    ['{order-number}.pdf', 'a placeholder misspelt'],
    ['{order_number}_{shop}.pdf', 'a placeholder that is none'],
    ['{}{order_number}.pdf', 'a placeholder without a name'],
    ['{{order_number}}.pdf', 'braces in braces'],
    ['{order_number}}.pdf', 'a brace too many'],
    ['{order_number.pdf', 'a brace too few'],
    ['{order_number}.txt', 'another ending'],
    ['/{order_number}.pdf', 'an absolute path'],
    ['a//{order_number}.pdf', 'an empty part'],
    ['../{order_number}.pdf', 'a way out of the folder'],
    ['a..b/{order_number}.pdf', 'two dots in a name'],
    ['{order_number}..pdf', 'two dots before the ending'],
    ['.hidden/{order_number}.pdf', 'a part that begins with a dot'],
    ['a b/{order_number}.pdf', 'a space'],
    ['C:\\{order_number}.pdf', 'a path of Windows'],
    ['{order_number}.pdf\n', 'a line break'],
  ])('%j: %s', (template) => expect(taken(template)).toEqual({ settings: false, accounts: false }));
});

test('whatever is written, both say the same', () => {
  const pieces = [
    '{order_number}',
    '{country}',
    '{_Ppart}',
    '{x}',
    '{',
    '}',
    '.',
    '..',
    '/',
    '.pdf',
    '-',
    'a',
    ' ',
    '\n',
  ];
  const template = fc.array(fc.constantFrom(...pieces), { maxLength: 8 }).map((parts) => parts.join(''));
  const property = fc.property(template, fc.boolean(), (written, ends) => {
    const { settings, accounts } = taken(ends ? `${written}.pdf` : written);
    expect(settings).toBe(accounts);
  });
  fc.assert(property, { numRuns: 2_000 });
});
