/** Everything the simulator knows, with the ways of finding it. It holds no rule: those are in orders.ts and the APIs. */
import { Ids } from './ids.ts';
import type { Account, Behaviour, Item, Order, Package, StatusChange } from './model.ts';

export const DEFAULT_BEHAVIOUR: Behaviour = {
  manifest: 'pdf',
  answerDelayMs: 0,
  visibleAfterSeconds: 0,
  limits: [],
  dialect: 'plain',
  dates: 'plain',
  pushUrl: null,
};

/** What is written to disk. */
export type WorldData = {
  seed: number;
  serial: number;
  secrets: number;
  clockOffsetMs: number;
  behaviour: Behaviour;
  accounts: Account[];
  orders: Order[];
};

export class World {
  behaviour: Behaviour = structuredClone(DEFAULT_BEHAVIOUR);
  ids: Ids = new Ids(1);
  /** Moved by the control API: tokens end and waits are over without anybody having to wait. */
  clockOffsetMs = 0;
  /** Told of every change of an item's status. */
  onChange: (order: Order, item: Item, change: StatusChange) => void = () => undefined;
  readonly accounts = new Map<string, Account>();
  readonly orders = new Map<string, Order>();
  readonly #items = new Map<string, { order: Order; item: Item }>();
  readonly #packages = new Map<string, { order: Order; package: Package }>();
  readonly #tracking = new Map<string, { order: Order; package: Package }>();
  readonly #clock: () => number;

  constructor(clock: () => number = Date.now) {
    this.#clock = clock;
  }

  now(): number {
    return this.#clock() + this.clockOffsetMs;
  }

  /** The host's own time, for what must agree with the caller's clock. */
  realNow(): number {
    return this.#clock();
  }

  account(sellerIdOrName: string): Account | undefined {
    return this.accounts.get(sellerIdOrName) ?? this.#accounts().find(({ name }) => name === sellerIdOrName);
  }

  accountOf(order: Order): Account {
    const account = this.accounts.get(order.sellerId);
    if (!account) throw new Error(`order ${order.orderNumber}: its account ${order.sellerId} is gone`);
    return account;
  }

  appSecret(appKey: string): string | undefined {
    return this.#accounts().find((account) => account.appKey === appKey)?.appSecret;
  }

  byToken(kind: 'accessTokens' | 'refreshTokens' | 'sofTokens' | 'codes', value: string) {
    for (const account of this.accounts.values()) {
      const token = account[kind].find((candidate) => candidate.value === value);
      if (token) return { account, token };
    }
    return undefined;
  }

  bySofUsername(username: string): Account | undefined {
    return this.#accounts().find(({ sofUsername }) => sofUsername === username);
  }

  addOrder(order: Order): void {
    this.orders.set(order.orderId, order);
    for (const item of order.items) this.#items.set(item.orderItemId, { order, item });
    for (const parcel of order.packages) this.#index(order, parcel);
  }

  addPackage(order: Order, parcel: Package): void {
    order.packages.push(parcel);
    this.#index(order, parcel);
  }

  item(orderItemId: string): { order: Order; item: Item } | undefined {
    return this.#items.get(orderItemId);
  }

  package(packageId: string): { order: Order; package: Package } | undefined {
    return this.#packages.get(packageId);
  }

  byTrackingNumber(trackingNumber: string): { order: Order; package: Package } | undefined {
    return this.#tracking.get(trackingNumber);
  }

  /** Forgets everything and begins anew with this seed. */
  reset(seed: number): void {
    for (const known of [this.accounts, this.orders, this.#items, this.#packages, this.#tracking]) known.clear();
    this.behaviour = structuredClone(DEFAULT_BEHAVIOUR);
    this.ids = new Ids(seed);
    this.clockOffsetMs = 0;
  }

  data(): WorldData {
    return {
      seed: this.ids.seed,
      serial: this.ids.serial,
      secrets: this.ids.secrets,
      clockOffsetMs: this.clockOffsetMs,
      behaviour: this.behaviour,
      accounts: this.#accounts(),
      orders: [...this.orders.values()],
    };
  }

  restore(data: WorldData): void {
    this.reset(data.seed);
    this.ids = new Ids(data.seed, data);
    this.clockOffsetMs = data.clockOffsetMs;
    // What was saved by an older one lacks what is new.
    this.behaviour = { ...structuredClone(DEFAULT_BEHAVIOUR), ...data.behaviour };
    for (const account of data.accounts) this.accounts.set(account.sellerId, account);
    for (const order of data.orders) this.addOrder(order);
  }

  #accounts(): Account[] {
    return [...this.accounts.values()];
  }

  #index(order: Order, parcel: Package): void {
    this.#packages.set(parcel.packageId, { order, package: parcel });
    this.#tracking.set(parcel.trackingNumber, { order, package: parcel });
  }
}
