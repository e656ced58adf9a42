import { describe, expect, test } from '@jest/globals';
import { type Account, usable } from '@lazada-sof/orders';
import { anAccount } from '@lazada-sof/testkit';
import { chooseAllocation, needsItemType, type Offer } from './choose-allocation.ts';

const aShop = (fields: Partial<Account> = {}) => usable(anAccount(fields));

const provider = (name: string, code = name) => ({ name, code });
const OWN = provider('Seller Own', 'SO');
const FLEET = provider('Seller Own Fleet', 'SOF');
const DBS = provider('Delivered by Seller', 'DBS');
const NINJA = provider('Ninja Van', 'NV');

const TFS = { allocateType: 'TFS' };
const NTFS = (providerCode: string) => ({ allocateType: 'NTFS', providerCode });

type Row = {
  says: string;
  country?: 'SG' | 'MY' | 'ID' | 'TH';
  column?: string | null;
  offer: Partial<Offer>;
  packed?: object;
  /** Words of the reason for which nothing is packed. */
  reason?: string[];
};

const ROWS: Row[] = [
  { says: 'where Lazada allocates, it is left to it', offer: { allocateType: 'TFS', providers: [OWN] }, packed: TFS },
  { says: 'in whatever letters', offer: { allocateType: 'tfs' }, packed: TFS },
  {
    says: 'where Lazada allocates, the column does not matter',
    column: 'Ninja Van',
    offer: { allocateType: 'TFS', providers: [FLEET] },
    packed: TFS,
  },
  {
    says: 'Singapore: the only own fleet among others is taken',
    offer: { providers: [NINJA, FLEET] },
    packed: NTFS('SOF'),
  },
  { says: 'Singapore: by its other name', offer: { providers: [DBS, NINJA] }, packed: NTFS('DBS') },
  { says: 'in whatever letters', offer: { providers: [provider(' seller_own-FLEET ', 'X')] }, packed: NTFS('X') },
  {
    says: 'Singapore: two own fleets are a choice',
    offer: { providers: [DBS, FLEET] },
    reason: ['"Delivered by Seller" (DBS), "Seller Own Fleet" (SOF)', 'more than one own fleet'],
  },
  {
    says: 'one that is listed twice is one',
    offer: { providers: [FLEET, FLEET] },
    packed: NTFS('SOF'),
  },
  { says: 'Malaysia: its own name', country: 'MY', offer: { providers: [OWN, NINJA] }, packed: NTFS('SO') },
  {
    says: 'Malaysia: its own name before that of the items',
    country: 'MY',
    offer: { providers: [FLEET, OWN], itemType: 'seller_own_fleet' },
    packed: NTFS('SO'),
  },
  {
    says: 'Indonesia: what the item says',
    country: 'ID',
    offer: { providers: [NINJA, FLEET], itemType: 'seller_own_fleet' },
    packed: NTFS('SOF'),
  },
  {
    says: 'Indonesia: an item that says nothing leaves it open',
    country: 'ID',
    offer: { providers: [FLEET], itemType: null },
    reason: ['"Seller Own Fleet" (SOF)', 'no own fleet that is known'],
  },
  {
    says: "Indonesia: an item of a type of Lazada's own is no word for the seller's fleet",
    country: 'ID',
    offer: { providers: [provider('Standard', 'STD')], itemType: 'standard' },
    reason: ['"Standard" (STD)', 'no own fleet that is known'],
  },
  {
    says: 'other carriers alone are no own fleet',
    offer: { providers: [NINJA, provider('J&T', 'JT')], itemType: 'seller_own_fleet' },
    reason: ['"Ninja Van" (NV), "J&T" (JT)', 'no own fleet that is known'],
  },
  { says: 'nobody on offer', offer: { providers: [] }, reason: ['offers none'] },
  {
    says: 'a provider without a code cannot be named',
    offer: { providers: [provider('Seller Own Fleet', '')] },
    reason: ['offers none'],
  },
  {
    says: 'the one that the account names',
    column: 'ninja van',
    offer: { providers: [FLEET, NINJA] },
    packed: NTFS('NV'),
  },
  { says: 'by its code', column: 'NV', offer: { providers: [FLEET, NINJA] }, packed: NTFS('NV') },
  {
    says: 'not another one in its place',
    column: 'Grab',
    offer: { providers: [FLEET, NINJA] },
    reason: ['shipment provider "Grab"', 'which offers "Seller Own Fleet" (SOF), "Ninja Van" (NV)'],
  },
  {
    says: 'a name that stands for two is a choice',
    column: 'Ninja Van',
    offer: { providers: [NINJA, provider('Ninja Van', 'NV2')] },
    reason: ['"Ninja Van" (NV), "Ninja Van" (NV2)', 'its code'],
  },
  { says: 'a column of spaces names nobody', column: '  ', offer: { providers: [FLEET] }, packed: NTFS('SOF') },
  {
    says: 'a type that nobody knows is none of the two',
    offer: { allocateType: 'XTFS', providers: [FLEET] },
    reason: ['"XTFS"'],
  },
  { says: 'no type', offer: { allocateType: '', providers: [FLEET] }, reason: ['""'] },
];

describe('who carries', () => {
  test.each(ROWS)('$country $says', ({ country = 'SG', column = null, offer, packed, reason = [] }) => {
    const account = aShop({ country, shipmentProvider: column });
    const choice = chooseAllocation(account, { allocateType: 'NTFS', providers: [], itemType: null, ...offer });
    if (packed) expect(choice).toEqual({ allocation: packed });
    else {
      expect(choice).toEqual({ reason: expect.stringMatching(/^nothing is packed: .*account shop-7/) });
      for (const words of reason) expect(choice).toEqual({ reason: expect.stringContaining(words) });
    }
  });

  test('a list without an end is told by its beginning', () => {
    const providers = Array.from({ length: 5_000 }, (_, n) => provider(`Carrier ${n}`));
    const choice = chooseAllocation(aShop(), { allocateType: 'NTFS', providers, itemType: null });
    expect('reason' in choice && choice.reason).toContain('and 4992 more');
    expect('reason' in choice && choice.reason.length).toBeLessThan(500);
  });
});

test.each<[boolean, string, Partial<Offer>, Parameters<typeof anAccount>[0]]>([
  [false, 'where Lazada allocates', { allocateType: 'TFS' }, {}],
  [false, 'where the account names one', {}, { shipmentProvider: 'x' }],
  [false, "where the country's own is there", { providers: [FLEET] }, {}],
  [true, 'where it is not', { providers: [NINJA] }, {}],
  [true, 'where the country has none', { providers: [FLEET] }, { country: 'ID' }],
  [false, 'where nobody is on offer', { providers: [] }, { country: 'ID' }],
])('whether the item is to be asked: %s %s', (expected, _sentence, offer, account) => {
  expect(needsItemType(aShop(account), { allocateType: 'NTFS', providers: [], ...offer })).toBe(expected);
});
