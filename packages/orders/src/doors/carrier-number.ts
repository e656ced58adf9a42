/**
 * A carrier's own number: kept on the package where there is one, else on the order, and copied when it appears. As it is
 * kept the carrier can be asked for it: carriers are named in small letters, and numbers that are printed in groups have no
 * spaces.
 */
import { invalid } from './refuse.ts';
import { isLivePackage, listed } from './target.ts';
import type { OrderUpdate, PackageView, UpdatePatch, UpdateView } from './update.ts';

export const withoutSpaces = (text: string): string => text.replaceAll(/\s+/g, '');

/** 20 digits of DHL's of which a spreadsheet has dropped the two zeros in front. */
export const hasLostZeros = (carrier: string | null | undefined, number: string): boolean =>
  carrier === 'dhl' && /^340434\d{12}$/.test(number);

/** With carrier and number as they are kept. @throws Refused where nothing is left of them, or digits are lost */
export function withPlainCarrier<Update extends OrderUpdate>(update: Update): Update {
  const carrier = update.carrier?.trim().toLowerCase();
  const carrierTrackingNumber = update.carrierTrackingNumber && withoutSpaces(update.carrierTrackingNumber);
  for (const [field, plain] of Object.entries({ carrier, carrierTrackingNumber }))
    if (plain === '') throw invalid(update, field as 'carrier', 'it is empty; leave it out');
  if (carrierTrackingNumber !== undefined && hasLostZeros(carrier, carrierTrackingNumber))
    throw invalid(
      update,
      'carrierTrackingNumber',
      'DHL numbers that begin with 340434 have 20 digits; the two zeros in front are lost: write 00 before it',
    );
  return {
    ...update,
    ...(carrier !== undefined && { carrier }),
    ...(carrierTrackingNumber !== undefined && { carrierTrackingNumber }),
  };
}

/** @throws Refused where nobody can say which parcel it is */
export function carrierNumber(
  view: UpdateView,
  target: PackageView | null,
  update: OrderUpdate,
): Pick<UpdatePatch, 'order' | 'packages'> {
  const { carrierTrackingNumber } = update;
  if (carrierTrackingNumber === undefined) return onlyCarrier(update);
  const live = view.packages.filter(isLivePackage);
  const [only, ...more] = target ? [target] : live;
  if (more.length > 0)
    throw invalid(update, 'packageId', `a carrier's number belongs to one package; name it: ${listed(live)}`);
  const known = only ?? view;
  const fields = { carrierTrackingNumber, carrier: update.carrier ?? known.carrier };
  return only ? { order: {}, packages: [{ packageId: only.packageId, fields }] } : { order: fields, packages: [] };
}

function onlyCarrier(update: OrderUpdate): Pick<UpdatePatch, 'order' | 'packages'> {
  if (update.carrier === undefined) return { order: {}, packages: [] };
  throw invalid(
    update,
    'carrierTrackingNumber',
    `it is missing: carrier ${update.carrier} is told together with its number`,
  );
}
