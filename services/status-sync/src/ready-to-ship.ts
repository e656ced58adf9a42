/**
 * Today's "set order ready to ship": the items are read, what is pending is packed, what is packed is set ready. None of
 * it needs an intent: each call follows a read, and Lazada refuses to pack or to set ready twice.
 */
import {
  type ElementResult,
  Failure,
  findRow,
  fold,
  type Marketplace,
  type Order,
  plan,
  recordReady,
  refusePackage,
  shippingDone,
  shippingWork,
} from '@lazada-sof/orders';
import { readAndRecordItems, type StepContext } from '@lazada-sof/queue';
import { type PackingTools, pack } from './packing.ts';

export type ShippingTools = PackingTools & { readonly marketplace: Marketplace };

export async function readyToShip(tools: ShippingTools, context: StepContext): Promise<void> {
  const { marketplace } = tools;
  const { order: read } = await readAndRecordItems(marketplace, context);
  if (!isStillOwed(read, context)) return;
  if (read.account.sofRts === 'legacy') return readyToShipAtOnce(tools, read, context);
  const { order: packed, results, waits } = await pack(tools, read, context);
  await tellRefusals(results, context);
  const ready = await setReady(marketplace, packed, context);
  if (waits) throw waits;
  waitForRest(ready);
  if (findRow(ready, STEP)) await context.change(shippingDone);
}

const STEP = { step: 'ready_to_ship', ref: '' } as const;

/** The read may have shown that everything is ready, or that the order is held. */
const isStillOwed = (order: Order, { now, force }: StepContext) =>
  plan(order, now, { force }).owed.some(({ step }) => step === 'ready_to_ship');

async function setReady(marketplace: Marketplace, order: Order, context: StepContext): Promise<Order> {
  const { toSetReady } = shippingWork(order, context);
  if (toSetReady.length === 0) return order;
  const results = await Promise.all(toSetReady.map((packageId) => readyOrWhy(marketplace, order, packageId, context)));
  const changed = await context.change((fresh, now) =>
    fold(fresh, results, (current, { packageId, result }) =>
      result.ok ? recordReady(current, packageId, now) : refusePackage(current, packageId, result.failure, now),
    ),
  );
  await tellRefusals(
    results.map(({ result }) => result),
    context,
  );
  return changed.order;
}

async function readyOrWhy(marketplace: Marketplace, { account }: Order, packageId: string, { signal }: StepContext) {
  try {
    await marketplace.readyToShip(account, packageId, signal);
    return { packageId, result: { ok: true, value: null } as const };
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    return { packageId, result: { ok: false, failure: error } as const };
  }
}

/** Refusals for good have their own blocked rows and let the others go on; anything else makes the step try again. */
async function tellRefusals(results: readonly ElementResult<unknown>[], { refused }: StepContext): Promise<void> {
  const failures = results.flatMap((result) => (result.ok ? [] : [result.failure]));
  for (const failure of failures.filter(({ kind }) => kind === 'rejected')) refused(failure);
  const passing = failures.find(({ kind }) => kind !== 'rejected');
  if (passing) throw passing;
}

/** The retired call for accounts that still have it: all items in one, and only a read tells their packages. */
async function readyToShipAtOnce(tools: ShippingTools, order: Order, context: StepContext): Promise<void> {
  const { marketplace, notePacking } = tools;
  const { toPack, toSetReady } = shippingWork(order, context);
  const inPackages = order.items?.filter((item) => item.packageId && toSetReady.includes(item.packageId)) ?? [];
  const orderItemIds = [...toPack, ...inPackages.map((item) => item.orderItemId)];
  if (orderItemIds.length > 0) {
    await marketplace.readyToShipLegacy(
      order.account,
      { orderNumber: order.orderNumber, orderItemIds },
      context.signal,
    );
  }
  // Of the other way of packing, which the account had before.
  if (order.account.statusReason !== null) await notePacking(order.account, null);
  waitForRest((await readAndRecordItems(marketplace, context)).order);
}

/** Items that are unpaid, or that Lazada is still moving: looked at again. */
function waitForRest(order: Order): void {
  // Without force: what was refused just now has its own row, and nothing to wait for.
  const { toPack, toSetReady, waiting } = shippingWork(order);
  const left = [...toPack, ...toSetReady, ...waiting];
  if (left.length === 0) return;
  const message = `${left.length} items of order ${order.orderNumber} are not ready to ship yet`;
  throw new Failure('not-ready', message, { code: 'ready_to_ship_pending', schedule: 'tracking' });
}
