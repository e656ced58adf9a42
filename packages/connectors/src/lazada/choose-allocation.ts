/**
 * Who names the carrier of a shop's parcels, Lazada (`TFS`) or the seller (`NTFS`), and whom the seller names. Nothing is
 * guessed: where it is open, nothing is packed, for a reason that a person can end.
 */
import type { Allocation, ShipmentProviders } from '@lazada-sof/clients';
import type { Country, UsableAccount } from '@lazada-sof/orders';

type Provider = ShipmentProviders['providers'][number];
/** What Lazada answers for a shop. `itemType`: what an item at hand says of its provider, where that was asked. */
export type Offer = ShipmentProviders & { readonly itemType: string | null };
/** `reason` names the account alone and no order: it holds for all that are to be packed. */
export type Choice = { readonly allocation: Allocation } | { readonly reason: string };
type Shop = Pick<UsableAccount, 'name' | 'country' | 'shipmentProvider'>;

/** The names under which own fleets go in these countries, the usual one first; elsewhere the items tell it. */
export const OWN_FLEETS: Partial<Record<Country, readonly [string, ...string[]]>> = {
  MY: ['Seller Own'],
  SG: ['Seller Own Fleet', 'Delivered by Seller'],
};

export function chooseAllocation(shop: Shop, { allocateType, providers, itemType }: Offer): Choice {
  const type = allocateType.trim().toUpperCase();
  if (type === 'TFS') return { allocation: { allocateType: 'TFS' } };
  if (type !== 'NTFS') return left(`Lazada allocates the parcels of account ${shop.name} as "${allocateType}"`, ASK);
  const offered = nameable(providers);
  const column = named(shop);
  const found = column ? matching(offered, column) : ownFleets(shop, offered, itemType);
  const [first, ...others] = found;
  if (first && others.length === 0) return { allocation: { allocateType: 'NTFS', providerCode: first.code } };
  return column ? columnLeft(shop, column, { offered, found }) : choiceLeft(shop, { offered, found });
}

type Found = { readonly offered: readonly Provider[]; readonly found: readonly Provider[] };

function columnLeft({ name }: Shop, column: string, { offered, found }: Found): Choice {
  const provider = `shipment provider "${column}" of account ${name}`;
  return found.length > 0
    ? left(`${provider} stands for ${listed(found)}`, 'write its code')
    : left(`${provider} is not offered by Lazada, which offers ${listed(offered)}`, NAME_ONE);
}

function choiceLeft({ name }: Shop, { offered, found }: Found): Choice {
  const asked = `Lazada lets account ${name} choose its shipment provider`;
  return found.length > 0
    ? left(`${asked} and offers more than one own fleet, ${listed(found)}`, NAME_ONE)
    : left(`${asked} and offers ${listed(offered)}, no own fleet that is known`, NAME_ONE);
}

const NAME_ONE = "write one that is offered into the account's shipment provider";
const ASK = 'which is neither TFS nor NTFS; ask its support';
const left = (fact: string, wayOut: string): Choice => ({ reason: `nothing is packed: ${fact}; ${wayOut}` });

/** Whether it depends on what an item says: it costs a read. */
export const needsItemType = (shop: Shop, { allocateType, providers }: ShipmentProviders): boolean =>
  allocateType.trim().toUpperCase() === 'NTFS' &&
  !named(shop) &&
  providers.length > 0 &&
  ownFleets(shop, nameable(providers), null).length === 0;

function ownFleets({ country }: Shop, offered: readonly Provider[], itemType: string | null): Provider[] {
  const usual = called(offered, OWN_FLEETS[country] ?? []);
  return usual.length > 0 || !itemType || LAZADAS_OWN.has(plain(itemType)) ? usual : called(offered, [itemType]);
}

/** What an item's provider type says where its carrier is Lazada's. */
const LAZADAS_OWN: ReadonlySet<string> = new Set([
  ...['standard', 'express', 'economy', 'instant', 'pickup in store', 'digital'],
]);

const named = ({ shipmentProvider }: Shop) => shipmentProvider?.trim() || null;

function matching(offered: readonly Provider[], column: string): readonly Provider[] {
  const found = called(offered, [column]);
  return found.length > 0 ? found : offered.filter(({ code }) => code === column);
}

const called = (offered: readonly Provider[], names: readonly string[]): Provider[] =>
  offered.filter(({ name }) => names.some((one) => plain(one) === plain(name)));
const plain = (name: string) =>
  name
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');

/** Those that Pack can be told, each once. */
const nameable = (providers: readonly Provider[]): readonly Provider[] => [
  ...new Map(providers.filter(({ code }) => code !== '').map((provider) => [provider.code, provider])).values(),
];

const MOST_TOLD = 8;
function listed(providers: readonly Provider[]): string {
  if (providers.length === 0) return 'none';
  const told = providers.slice(0, MOST_TOLD).map(({ name, code }) => `"${name}" (${code})`);
  const more = providers.length - told.length;
  return `${told.join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
