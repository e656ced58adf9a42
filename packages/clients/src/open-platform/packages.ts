/** The calls that change packages: ready to ship, and for sellers who deliver themselves delivered or not. */
import type { CallOptions, OpenPlatform, Shop } from './request.ts';
import { type ElementOutcome, PackagesAnswer } from './schemas.ts';

/** The most packages that one of these calls takes. */
export const MOST_PACKAGES = 20;

/** By package id. A package that Lazada leaves out is not in the map. */
export type PackageOutcomes = {
  readonly outcomes: ReadonlyMap<string, ElementOutcome>;
  readonly requestId: string | null;
};

type PackagesCall = (
  platform: OpenPlatform,
  shop: Shop,
  packageIds: readonly string[],
  options?: CallOptions,
) => Promise<PackageOutcomes>;

/** Sets packages ready to ship, at most 20. */
export const packageReadyToShip: PackagesCall = packagesCall('/order/package/rts', 'readyToShipReq');

/** Tells that packages were delivered by the seller's own fleet, at most 20. Once sent it is not given up. */
export const sofDelivered: PackagesCall = packagesCall('/order/package/sof/delivered', 'dbsDeliveryReq', true);

/** Tells that packages could not be delivered by the seller's own fleet, at most 20. Once sent it is not given up. */
export const sofFailedDelivery: PackagesCall = packagesCall(
  '/order/package/sof/failed_delivery',
  'dbsFailedDeliveryReq',
  true,
);

function packagesCall(path: string, parameter: string, finishOnceSent = false): PackagesCall {
  return async (platform, shop, packageIds, options) => {
    const packages = packageIds.map((packageId) => ({ package_id: packageId }));
    const params = { [parameter]: JSON.stringify({ packages }) };
    const endpoint = { method: 'POST', path, params, finishOnceSent } as const;
    const { content, requestId } = await platform.call(
      shop,
      endpoint,
      { schema: PackagesAnswer, from: 'data' },
      options,
    );
    return { outcomes: new Map(content.packages.map((one) => [one.packageId, one.outcome])), requestId };
  };
}
