/** Of which packages an update speaks. */
import { invalid } from './refuse.ts';
import type { OrderUpdate, PackageView, UpdateView } from './update.ts';

/** The one that is named; null: the update speaks of the whole order. @throws Refused */
export function targetOf({ packages }: UpdateView, update: OrderUpdate): PackageView | null {
  const named = [
    ...(update.packageId === undefined ? [] : [byId(packages, update)]),
    ...(update.trackingNumber === undefined ? [] : [byNumber(packages, update)]),
  ];
  const [target, other] = named;
  if (!target) return null;
  if (other && other !== target)
    throw invalid(
      update,
      'trackingNumber',
      `it is package ${other.packageId}'s and not ${target.packageId}'s; name one of them`,
    );
  if (target.state === 'cancelled')
    throw invalid(update, fieldOf(update), `package ${target.packageId} is cancelled; ${listed(packages)}`);
  return target;
}

const fieldOf = (update: OrderUpdate) => (update.packageId === undefined ? 'trackingNumber' : 'packageId');

function byId(packages: readonly PackageView[], update: OrderUpdate): PackageView {
  const found = packages.find(({ packageId }) => packageId === update.packageId);
  if (found) return found;
  throw invalid(update, 'packageId', `the order has no such package; ${listed(packages)}`);
}

function byNumber(packages: readonly PackageView[], update: OrderUpdate): PackageView {
  const found = packages.filter(({ trackingNumber }) => trackingNumber === update.trackingNumber);
  const live = found.find(({ state }) => state !== 'cancelled') ?? found[0];
  if (live) return live;
  throw invalid(update, 'trackingNumber', `no package of the order has this number; ${listed(packages)}`);
}

export const isLivePackage = ({ state }: Pick<PackageView, 'state'>): boolean => state !== 'cancelled';

/** Which there are, for whoever named another. */
export function listed(packages: readonly PackageView[]): string {
  const live = packages.filter(isLivePackage);
  if (live.length === 0) return 'there is none yet: leave it out to speak of the whole order';
  return `there is ${live.map(({ packageId, trackingNumber }) => `${packageId} (${trackingNumber ?? 'no number yet'})`).join(', ')}`;
}
