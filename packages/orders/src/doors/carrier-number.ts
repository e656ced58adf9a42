/** A carrier's own number: kept on the package where there is one, else on the order, and copied when it appears. */
import { invalid } from './refuse.ts';
import { isLivePackage, listed } from './target.ts';
import type { OrderUpdate, PackageView, UpdatePatch, UpdateView } from './update.ts';

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
