import { describe, expect, test } from '@jest/globals';
import {
  alternativeInvoicePath,
  type InvoiceName,
  InvoiceTemplateError,
  invoicePath,
  invoiceTemplateMistakes,
} from './invoice-path.ts';

const NAME: InvoiceName = {
  country: 'SG',
  account: 'shop-7',
  orderNumber: '260000000000123',
  part: 1,
  revision: 1,
  fetchedAt: new Date('2026-11-24T04:00:00Z'),
  timezone: 'Asia/Singapore',
};

describe('the path of an invoice', () => {
  test.each<[sentence: string, change: Partial<InvoiceName>, path: string]>([
    ['names country, month, account and order', {}, 'SG/2026/11/INV_SG_shop-7_260000000000123.pdf'],
    ['names a second part', { part: 2 }, 'SG/2026/11/INV_SG_shop-7_260000000000123_P2.pdf'],
    ['names a second revision', { revision: 2 }, 'SG/2026/11/INV_SG_shop-7_260000000000123_R2.pdf'],
    ['names part before revision', { part: 2, revision: 11 }, 'SG/2026/11/INV_SG_shop-7_260000000000123_P2_R11.pdf'],
    [
      "takes the month of the account's time zone: the last evening in Greenwich is the first morning in Bangkok",
      { country: 'TH', timezone: 'Asia/Bangkok', fetchedAt: new Date('2026-12-31T17:30:00Z') },
      'TH/2027/01/INV_TH_shop-7_260000000000123.pdf',
    ],
    [
      'counts years as the world does, also for Thailand',
      { country: 'TH', timezone: 'Asia/Bangkok', fetchedAt: new Date('2026-01-02T00:00:00Z') },
      'TH/2026/01/INV_TH_shop-7_260000000000123.pdf',
    ],
    [
      'reduces an account to plain characters',
      { account: 'Tân Bình / 2' },
      'SG/2026/11/INV_SG_T_n_B_nh_2_260000000000123.pdf',
    ],
    ['cannot be led out of its folder', { orderNumber: '../../x' }, 'SG/2026/11/INV_SG_shop-7__x.pdf'],
    ['cannot carry a command', { orderNumber: 'a\r\nDELE b' }, 'SG/2026/11/INV_SG_shop-7_a_DELE_b.pdf'],
    [
      'drops NUL and the mark that turns text around',
      { orderNumber: '1\u0000\u202E2' },
      'SG/2026/11/INV_SG_shop-7_1_2.pdf',
    ],
    ['shortens what is endless', { orderNumber: '9'.repeat(300) }, `SG/2026/11/INV_SG_shop-7_${'9'.repeat(40)}.pdf`],
    [
      "follows the account's own template",
      { template: '{account}/{yyyy}-{mm}/{order_number}.pdf' },
      'shop-7/2026-11/260000000000123.pdf',
    ],
    [
      'keeps parts and revisions apart where the template forgets them',
      { template: '{account}/{order_number}.pdf', part: 3, revision: 2 },
      'shop-7/260000000000123_P3_R2.pdf',
    ],
    [
      'takes the default where there is no template',
      { template: null },
      'SG/2026/11/INV_SG_shop-7_260000000000123.pdf',
    ],
  ])('%s', (_, change, path) => {
    expect(invoicePath({ ...NAME, ...change })).toBe(path);
  });
});

describe('a template is refused', () => {
  test.each<[sentence: string, template: string, mistake: string]>([
    ['without the order', '{account}/{yyyy}.pdf', '{order_number} is missing'],
    ['that gives order 23 of shop1 and order 123 of shop one name', '{account}{order_number}.pdf', 'touches'],
    ['with an unknown placeholder', '{buyer}_{order_number}.pdf', '{buyer} is no placeholder, use {country}'],
    [
      'with a name of every object for a placeholder',
      '{constructor}_{order_number}.pdf',
      '{constructor} is no placeholder',
    ],
    ['with the name of what objects are made of', '{__proto__}_{order_number}.pdf', '{__proto__} is no placeholder'],
    ['whose folder is a device on Windows', 'aux/{order_number}.pdf', "a device's on Windows: aux/9999"],
    ['that is no PDF', '{order_number}.html', 'it must end in .pdf'],
    ['that leaves its folder', '../{order_number}.pdf', 'begin with "." or hold ".."'],
    ['that begins at the root', '/in/{order_number}.pdf', 'may be empty'],
    ['that hides its folder', '.in/{order_number}.pdf', 'begin with "."'],
    ['with a line break', 'in\r\nDELE x/{order_number}.pdf', 'only letters, digits'],
    ['with half a placeholder', '{order_number}{mm.pdf', 'only letters, digits'],
  ])('%s', (_, template, mistake) => {
    expect(invoiceTemplateMistakes(template).join('; ')).toContain(mistake);
    expect(() => invoicePath({ ...NAME, template })).toThrow(InvoiceTemplateError);
    expect(() => invoicePath({ ...NAME, template })).toThrow(`invoice path template "${template}"`);
  });

  test('for an account whose name is a device on Windows', () => {
    const template = '{account}/{order_number}.pdf';
    expect(invoiceTemplateMistakes(template, 'CON')).toEqual([expect.stringContaining("a device's on Windows: CON/")]);
    expect(() => invoicePath({ ...NAME, template, account: 'con' })).toThrow(InvoiceTemplateError);
  });

  test('that makes too long a name', () => {
    const template = `${'{order_number}'.repeat(9)}.pdf`;
    expect(() => invoicePath({ ...NAME, template })).toThrow('longer than 120 characters');
  });

  test.each<[sentence: string, template: string, account: string, mistakes: unknown[]]>([
    [
      'whose own letters leave no room',
      `${'x'.repeat(110)}{order_number}.pdf`,
      '',
      [expect.stringContaining('longer')],
    ],
    ['that has room for the account', `${'x'.repeat(50)}{account}_{order_number}.pdf`, 'shop-7', []],
    [
      'that has none for the account',
      `${'x'.repeat(50)}{account}_{order_number}.pdf`,
      'shop-'.repeat(8),
      [expect.stringContaining('longer')],
    ],
  ])('%s', (_, template, account, mistakes) => {
    expect(invoiceTemplateMistakes(template, account)).toEqual(mistakes);
  });

  test('and the default is not', () => {
    expect(
      invoiceTemplateMistakes('{country}/{yyyy}/{mm}/INV_{country}_{account}_{order_number}{_Ppart}{_Rrevision}.pdf'),
    ).toEqual([]);
  });
});

describe('another name for a file whose own is taken', () => {
  test.each([
    ['a first revision becomes the second', 'SG/INV_1.pdf', 1, 'SG/INV_1_R2.pdf'],
    ['a second becomes the third', 'SG/INV_1_P2_R2.pdf', 1, 'SG/INV_1_P2_R3.pdf'],
    ['and so on', 'SG/INV_1.pdf', 4, 'SG/INV_1_R5.pdf'],
  ])('%s', (_, path, n, alternative) => {
    expect(alternativeInvoicePath(path, n)).toBe(alternative);
  });
});
