/** Package and tracking numbers, from the order's items. A number that is not there yet is no failure: its step waits. */
import type { Marketplace } from '@lazada-sof/orders';
import { type Perform, readAndRecordItems } from '@lazada-sof/queue';

export function performTrackingStep(marketplace: Marketplace): Perform {
  return async (_step, context) => {
    await readAndRecordItems(marketplace, context);
  };
}
