// Made from the schema: node packages/queue/src/write-order-update.ts
export type OrderUpdatePayload = {
  /** The version of these fields. */
  readonly v: 1;
  /** The account, as `sof account list` names it. */
  readonly account: string;
  /** Lazada's order number. */
  readonly orderNumber: string;
  /** What happened, or release or withdraw. May be left out where a carrier's number is told. */
  readonly status?: 'ready_to_ship' | 'shipped' | 'delivered' | 'not_delivered' | 'release' | 'withdraw';
  /** When it happened (RFC 3339, with Z or an offset), not when it was sent. Left out: when the update arrived. */
  readonly occurredAt?: string;
  /** One package, by Lazada's id; left out: all of the order. */
  readonly packageId?: string;
  /** One package, by its tracking number; left out: all of the order. */
  readonly trackingNumber?: string;
  /** Who carries it, such as dhl; told together with carrierTrackingNumber. */
  readonly carrier?: string;
  /** The carrier's own number of the parcel. An order with several packages needs packageId or trackingNumber beside it. */
  readonly carrierTrackingNumber?: string;
  /** Why it was not delivered, in the words of whoever was there. */
  readonly reason?: string;
  /** The sender's own name of this update: the same twice has one effect, for as long as the order is kept. */
  readonly requestId?: string;
};
// (end of what is made)

/** What happened to one order. `v` may be left out. */
export type OrderUpdate = Omit<OrderUpdatePayload, 'v'> & { readonly v?: 1 };

export type EnqueueOptions = {
  /**
   * The Redis of lazada-sof, its setting `QUEUE_URL`: `redis://`, `rediss://` (TLS), `redis+cluster://` or
   * `rediss+cluster://` (one node of the cluster is enough).
   */
  readonly url: string;
  /** Its setting `QUEUE_PREFIX`. Left out: `{lazada-sof}`. */
  readonly prefix?: string;
};

/**
 * Adds one update or several, and resolves when the queue has all of them; what becomes of them is seen in the order.
 *
 * Calls share one connection per address, which closes by itself a second after the last of them: a service calls
 * this for each update, a script ends when it has nothing else to do, and nobody has to close anything.
 *
 * While Redis is away it fails within seconds and says whether anything was sent. Where that cannot be known the updates
 * may be sent again: under the same `requestId` they have one effect.
 *
 * @throws TypeError for what cannot be right, with every mistake by its field, before anything is sent
 * @throws Error where the queue cannot be reached, refuses, or does not answer
 */
export declare function enqueue(updates: OrderUpdate | readonly OrderUpdate[], options: EnqueueOptions): Promise<void>;
