/** What is said of an order, and where. */

/** As it is sent: JSON, without account and number. */
export type Update = {
  readonly status?: string;
  readonly occurredAt?: string;
  readonly packageId?: string;
  readonly trackingNumber?: string;
  readonly carrier?: string;
  readonly carrierTrackingNumber?: string;
  readonly reason?: string;
  readonly requestId?: string;
};
export type Target = { readonly account: string; readonly orderNumber: string };

export type Door = {
  readonly name: string;
  /** Whether its users can say such a thing there at all. */
  can(update: Update): boolean;
  /** True: it was taken; false: it was refused. @throws what is neither */
  say(target: Target, update: Update): Promise<boolean>;
};
