/** What is done to whole packages: ready to ship, and the seller's own delivery reported through the Open Platform. */
import { accept } from '../server/accepted.ts';
import type { Order, Package, SofStatus } from '../world/model.ts';
import { change, liveItemsOf } from '../world/orders.ts';
import { type ItemEvent, move } from '../world/state-machine.ts';
import { DONE, type ElementAnswer, refuseElement, scriptedTrouble } from './elements.ts';
import type { OpenPlatformCall, Reply, Request } from './gateway.ts';
import { checkSize, readJson } from './parameters.ts';
import { PackagesRequest } from './schemas.ts';

const MOST_PACKAGES = 20;
const UNKNOWN = '700001';
const WRONG_STATE = '700031';
const CANCELED = '600002';
const NOT_SOF = '700009';

type Report = { readonly event: ItemEvent; readonly status: SofStatus | null };

export const PACKAGE_CALLS: readonly OpenPlatformCall[] = [
  packageCall('/order/package/rts', 'readyToShipReq', { event: 'ready', status: null }),
  packageCall('/order/package/sof/delivered', 'dbsDeliveryReq', { event: 'deliverDirectly', status: 'delivered' }),
  packageCall('/order/package/sof/failed_delivery', 'dbsFailedDeliveryReq', {
    event: 'failDirectly',
    status: 'not_delivered',
  }),
  packageCall('/order/package/sof/collect', 'dbsCollectReq', { event: 'ship', status: 'shipped' }),
];

function packageCall(path: string, parameter: string, report: Report): OpenPlatformCall {
  return {
    path,
    methods: ['POST'],
    parameters: { [parameter]: true },
    handle: (request) => eachPackage(request, parameter, report),
  };
}

function eachPackage(request: Request, parameter: string, report: Report): Reply {
  const { packages } = readJson(parameter, request.parameters[parameter] ?? '', PackagesRequest);
  checkSize(packages, MOST_PACKAGES);
  request.call.elements = packages.length;
  const answers = packages.flatMap(({ package_id }) => {
    const answer = onePackage(request, package_id, report);
    return answer === 'missing' ? [] : [{ package_id, ...answer }];
  });
  return { result: { packages: answers } };
}

function onePackage(request: Request, packageId: string, report: Report): ElementAnswer | 'missing' {
  const found = request.state.world.package(packageId);
  if (!found || found.order.sellerId !== request.account.sellerId || found.package.replaced)
    return refuseElement(request, 'unknown_package', UNKNOWN, 'package not found');
  const { order, package: parcel } = found;
  return (
    scriptedTrouble(request, order) ?? refusalOf(request, order, parcel, report) ?? done(request, order, parcel, report)
  );
}

function refusalOf(
  request: Request,
  order: Order,
  parcel: Package,
  { event, status }: Report,
): ElementAnswer | undefined {
  const items = liveItemsOf(order, parcel);
  const [first] = items;
  if (!first) return refuseElement(request, 'illegal_state', CANCELED, 'package is cancelled');
  if (status && !items.some(({ isSof }) => isSof))
    return refuseElement(request, 'not_sof', NOT_SOF, 'package is not delivered by the seller');
  const stuck = items.find((item) => !move(item.status, event));
  if (!stuck) return undefined;
  const again = event === 'ready' && stuck.status === 'ready_to_ship';
  return refuseElement(
    request,
    again ? 'already_ready' : 'illegal_state',
    WRONG_STATE,
    `package status is ${stuck.status}`,
  );
}

function done({ state, call }: Request, order: Order, parcel: Package, { event, status }: Report): ElementAnswer {
  if (status) accept(state, parcel, { status, via: 'lazada' });
  if (status && order.script.swallow.includes(status)) return DONE;
  for (const item of liveItemsOf(order, parcel))
    change(state.world, order, item, event, { by: call.name, reported: status !== null });
  return DONE;
}
