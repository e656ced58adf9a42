/** What a step of this worker acts on. */
import type { Fleet, Marketplace, SentStatus, SofDriver } from '@lazada-sof/orders';

export type Outside = {
  readonly marketplace: Marketplace;
  readonly fleets: Readonly<Record<SofDriver, Fleet>>;
  /** Told of each status that the marketplace accepted; for metrics. */
  readonly onAccepted?: ((orderId: string, status: SentStatus) => void) | undefined;
};
