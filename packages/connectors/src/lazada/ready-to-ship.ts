import { getOrderItems, MOST_PACKAGES, orderReadyToShip, packageReadyToShip } from '@lazada-sof/clients';
import { type Account, Failure, usable } from '@lazada-sof/orders';
import { batchedCalls } from './batched-calls.ts';
import type { LazadaCalls } from './calls.ts';
import { OWN_FLEETS } from './choose-allocation.ts';
import { elementFailure, isSuccess, missingInAnswer } from './failures.ts';

type Input = { readonly account: Account; readonly packageId: string };

/** Sets packages ready to ship, up to 20 a call. */
export const packageReadier = (calls: LazadaCalls) =>
  batchedCalls<Input, true>(calls, {
    size: MOST_PACKAGES,
    send: async (inputs, credentials, signal) => {
      const [{ account, packageId }, ...others] = inputs;
      const what = `ready to ship of ${account.name}, package ${packageId}${others.length > 0 ? ` and ${others.length} more` : ''}`;
      const packageIds = [...new Set(inputs.map((input) => input.packageId))];
      const { outcomes } = await calls.call({ account, what }, credentials, (platform, shop) =>
        packageReadyToShip(platform, shop, packageIds, { signal }),
      );
      return inputs.map((input) => {
        const outcome = outcomes.get(input.packageId);
        if (!outcome) return null;
        if (isSuccess(outcome)) return true;
        calls.noteCode(outcome);
        return elementFailure(`ready to ship of ${account.name}, package ${input.packageId}`, outcome);
      });
    },
  });

type LegacyInput = {
  readonly account: Account;
  readonly orderNumber: string;
  readonly orderItemIds: readonly string[];
};

/** The retired call: packs an order's items and sets them ready in one. */
export async function legacyReadyToShip(calls: LazadaCalls, input: LegacyInput, signal?: AbortSignal): Promise<void> {
  const { account, orderNumber, orderItemIds } = input;
  const shipmentProvider =
    account.shipmentProvider ??
    OWN_FLEETS[usable(account).country]?.[0] ??
    (await providerOfItems(calls, input, signal));
  const what = `ready to ship of ${account.name}/${orderNumber}`;
  const taken = await calls.call({ account, what }, await calls.slot(account, signal), (platform, shop) =>
    orderReadyToShip(platform, shop, { orderItemIds, shipmentProvider }, { signal }),
  );
  const missing = orderItemIds.filter((id) => !taken.includes(id));
  if (missing.length === 0) return;
  throw missingInAnswer(`${what}: the answer leaves out item ${missing.join(', ')}`);
}

async function providerOfItems(
  calls: LazadaCalls,
  { account, orderNumber, orderItemIds }: LegacyInput,
  signal: AbortSignal | undefined,
): Promise<string> {
  const what = `items of ${account.name}/${orderNumber}`;
  const items = await calls.call({ account, what }, await calls.slot(account, signal), (platform, shop) =>
    getOrderItems(platform, shop, orderNumber, { signal }),
  );
  const provider = items.find(({ orderItemId }) => orderItemIds.includes(orderItemId))?.shippingProviderType;
  if (provider) return provider;
  throw new Failure(
    'rejected',
    `${what} name no shipment provider: set the shipment provider of account ${account.name}`,
    { code: 'no_provider' },
  );
}
