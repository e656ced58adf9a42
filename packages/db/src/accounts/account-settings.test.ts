import { describe, expect, test } from '@jest/globals';
import { type HostSettings, readSettings } from './account-settings.ts';

const SHOP: HostSettings = { name: 'shop-7', country: 'TH', timezone: null, invoicePathTemplate: null };

describe('settings that the host wrote', () => {
  test.each<[sentence: string, columns: Partial<HostSettings>, read: object]>([
    ['are taken as they are', {}, { country: 'TH', timezone: 'Asia/Bangkok', invoicePathTemplate: null }],
    ['are taken in small letters, with spaces', { country: ' th ' }, { country: 'TH' }],
    ['may name a zone of their own', { timezone: 'Asia/Singapore' }, { timezone: 'Asia/Singapore' }],
    ['may stand between spaces', { timezone: ' Asia/Singapore ' }, { timezone: 'Asia/Singapore' }],
    [
      'are none where they are empty',
      { timezone: '', invoicePathTemplate: ' ' },
      { timezone: 'Asia/Bangkok', invoicePathTemplate: null },
    ],
    [
      'may name a path of their own',
      { invoicePathTemplate: '{account}/{order_number}.pdf' },
      { invoicePathTemplate: '{account}/{order_number}.pdf' },
    ],
  ])('%s', (_, columns, read) => {
    expect(readSettings({ ...SHOP, ...columns })).toMatchObject({ ...read, mistakes: [] });
  });
});

describe('settings that nobody can use', () => {
  test.each<[sentence: string, columns: Partial<HostSettings>, mistakes: unknown[]]>([
    ['no country', { country: null }, ['it has no country; write one of SG, MY, TH, VN, PH, ID']],
    ['an empty country', { country: '  ' }, ['it has no country; write one of SG, MY, TH, VN, PH, ID']],
    [
      'a country that Lazada is not in',
      { country: 'DE' },
      ['country "DE" is none of Lazada\'s; write one of SG, MY, TH, VN, PH, ID'],
    ],
    [
      'a time zone that is none',
      { timezone: 'Mars/Olympus' },
      ['time zone "Mars/Olympus" is no IANA time zone; write one like Asia/Bangkok'],
    ],
    [
      'a template without the order',
      { invoicePathTemplate: 'all.pdf' },
      ['invoice path template "all.pdf": {order_number} is missing, every order needs a name of its own'],
    ],
    [
      "a template that makes too long names with the account's own",
      { name: 'n'.repeat(40), invoicePathTemplate: `${'x'.repeat(60)}{account}_{order_number}.pdf` },
      [expect.stringContaining('longer than 120 characters')],
    ],
    [
      'several of them: each is told',
      { country: 'DE', timezone: 'x', invoicePathTemplate: 'y' },
      [expect.stringContaining('country'), expect.stringContaining('zone'), expect.stringContaining('template')],
    ],
  ])('%s', (_, columns, mistakes) => {
    expect(readSettings({ ...SHOP, ...columns }).mistakes).toEqual(mistakes);
  });

  test('a country is never guessed, and a time zone is always one that can be used', () => {
    expect(readSettings({ ...SHOP, country: null, timezone: 'x' })).toMatchObject({ country: null, timezone: 'UTC' });
    expect(readSettings({ ...SHOP, timezone: 'x' })).toMatchObject({ timezone: 'Asia/Bangkok' });
  });
});
