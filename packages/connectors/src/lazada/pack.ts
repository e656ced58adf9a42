import { MOST_ORDERS_PACKED, type PackedElement, pack } from '@lazada-sof/clients';
import { type Account, type ElementResult, Failure, type PackedItem } from '@lazada-sof/orders';
import { allocations } from './allocation.ts';
import { batchedCalls } from './batched-calls.ts';
import type { LazadaCalls } from './calls.ts';
import { elementFailure, isSuccess, missingInAnswer } from './failures.ts';

type PackInput = {
  readonly account: Account;
  readonly orderNumber: string;
  readonly orderItemIds: readonly string[];
};
type Results = ReadonlyMap<string, ElementResult<PackedItem>>;

/** Packs up to 20 orders a call; each order gets a result for every item that it asked for. */
export function orderPacker(calls: LazadaCalls) {
  const allocate = allocations(calls);
  return batchedCalls<PackInput, Results>(calls, {
    size: MOST_ORDERS_PACKED,
    send: async (inputs, credentials, signal) => {
      const [{ account, orderNumber }, ...others] = inputs;
      const allocation = await allocate.of(inputs[0]);
      const what = `pack of ${account.name}/${orderNumber}${others.length > 0 ? ` and ${others.length} more` : ''}`;
      const orders = inputs.map((input) => ({ orderId: input.orderNumber, orderItemIds: input.orderItemIds }));
      const packed = await calls.call({ account, what }, credentials, (platform, shop) =>
        pack(platform, shop, orders, allocation, { signal }),
      );
      const found = new Map(packed.map(({ orderId, items }) => [orderId, items]));
      const results = inputs.map((input) => {
        const elements = found.get(input.orderNumber);
        return elements ? resultsOf(calls, input, elements) : null;
      });
      // It may be the allocation that is refused: no document tells by which code.
      if (results.some(isRefused)) allocate.forget(account);
      return results;
    },
  });
}

const isRefused = (results: Results | null): boolean =>
  [...(results?.values() ?? [])].some((result) => !result.ok && result.failure.kind === 'rejected');

function resultsOf(calls: LazadaCalls, input: PackInput, elements: readonly PackedElement[]): Results {
  const byItem = new Map(elements.map((element) => [element.orderItemId, element]));
  return new Map(input.orderItemIds.map((id) => [id, resultOf(calls, messageFor(input, id), byItem.get(id))]));
}
const messageFor = ({ account, orderNumber }: PackInput, orderItemId: string) =>
  `pack of item ${orderItemId} of ${account.name}/${orderNumber}`;

function resultOf(calls: LazadaCalls, what: string, element: PackedElement | undefined): ElementResult<PackedItem> {
  if (!element) return failed(missingInAnswer(`${what}: not in the answer`));
  const { outcome, packageId, ...packed } = element;
  if (!isSuccess(outcome)) {
    calls.noteCode(outcome);
    return failed(elementFailure(what, outcome));
  }
  if (packageId) return { ok: true, value: { ...packed, packageId } };
  return failed(new Failure('transient', `${what}: packed, but no package named`, { code: 'no_package_id' }));
}

const failed = (failure: Failure) => ({ ok: false, failure }) as const;
