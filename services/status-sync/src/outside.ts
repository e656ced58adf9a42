/** What a step of this worker acts on. */
import type { Account, Fleet, Marketplace, SentStatus, SofDriver } from '@lazada-sof/orders';

export type Outside = {
  readonly marketplace: Marketplace;
  readonly fleets: Readonly<Record<SofDriver, Fleet>>;
  /** Writes why nothing of this account is packed, null: it is. */
  readonly notePacking: (account: Account, reason: string | null) => Promise<void>;
  /** Told of each status that the marketplace accepted; for metrics. */
  readonly onAccepted?: ((orderId: string, status: SentStatus) => void) | undefined;
};
