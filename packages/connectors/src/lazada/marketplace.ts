/** Lazada's Open Platform as the marketplace that the workers know. */
import { isDigits } from '@lazada-sof/clients';
import { type Account, Failure, type Marketplace } from '@lazada-sof/orders';
import { abortable } from '../calls/abort.ts';
import type { LazadaCalls } from './calls.ts';
import { orderPacker } from './pack.ts';
import { readInvoice } from './read-invoice.ts';
import { itemReader } from './read-items.ts';
import { readManifest } from './read-manifest.ts';
import { legacyReadyToShip, packageReadier } from './ready-to-ship.ts';

export function marketplaceLazada(calls: LazadaCalls): Marketplace {
  const read = itemReader(calls);
  const pack = orderPacker(calls);
  const ready = packageReadier(calls);
  return {
    readItems: async (account, orderNumber, signal, options = {}) => {
      demandId(account, 'order number', orderNumber);
      return abortable(read({ account, orderNumber, ...options }, signal), signal);
    },
    pack: async (account, order, signal) => {
      demandIds(account, order);
      return abortable(pack({ account, ...order }, signal), signal);
    },
    readyToShip: async (account, packageId, signal) => {
      await abortable(ready({ account, packageId }, signal), signal);
    },
    readyToShipLegacy: async (account, order, signal) => {
      demandIds(account, order);
      await abortable(legacyReadyToShip(calls, { account, ...order }, signal), signal);
    },
    readInvoice: (account, orderItemIds, signal) =>
      abortable(readInvoice(calls, account, orderItemIds, signal), signal),
    readManifest: (account, orderItemIds, signal) =>
      abortable(readManifest(calls, account, orderItemIds, signal), signal),
  };
}

/** Looked at before it joins a batch, where it would spoil the call of all. */
function demandId(account: Account, name: string, id: string) {
  if (isDigits(id)) return;
  throw new Failure('rejected', `${name} "${id}" of account ${account.name} is none of Lazada's, which are digits`, {
    code: 'not_an_id',
  });
}

function demandIds(account: Account, order: { orderNumber: string; orderItemIds: readonly string[] }) {
  demandId(account, 'order number', order.orderNumber);
  for (const id of order.orderItemIds) demandId(account, 'item id', id);
}
