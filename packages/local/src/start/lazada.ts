/** The simulator's control calls: what happens at Lazada, and at DHL, without us. */

export type SimulatedAccount = {
  sellerId: string;
  name: string;
  country: string;
  appKey: string;
  appSecret: string;
  sofUsername: string;
  sofPassword: string;
  accessToken: string;
  accessTokenExpiresAt: string;
  refreshToken: string;
  refreshTokenExpiresAt: string;
};
export type SimulatedOrder = {
  orderNumber: string;
  accountName: string;
  createdAt: string;
  items: { orderItemId: string; sku: string }[];
};
/** What is peculiar about an order there; the simulator's own page tells more. */
export type Script = {
  trackingAfterSeconds?: number;
  /** Statuses under another name. */
  shows?: Readonly<Record<string, string>>;
  invoice?: { kind?: 'pdf' | 'html' | 'iframe'; language?: 'en' | 'th' | 'vi'; readyAfterSeconds?: number };
};

export type NewOrder = {
  account: string;
  items: number;
  script: Script;
  /** How far it is already, by whoever was at Lazada by hand; left out: nothing was done. */
  status?: 'ready_to_ship';
  createdAt?: string;
  /** When it came so far. */
  changedAt?: string;
};

export type Lazada = {
  addAccount(account: { name: string; country: string }): Promise<SimulatedAccount>;
  /** Its sellers' accounts, by name. */
  accounts(): Promise<SimulatedAccount[]>;
  addOrders(orders: readonly NewOrder[]): Promise<SimulatedOrder[]>;
  /** The app registers where it is pushed to. */
  pushTo(url: string): Promise<void>;
  /** The seller changes the password; tokens made with the old one end. */
  changePassword(account: string, password: string): Promise<void>;
  /** From now on DHL says that it has delivered this parcel then. */
  dhlDelivers(number: string, at: Date): Promise<void>;
};

export function lazadaAt(url: string): Lazada {
  const call = async <Answer>(method: string, path: string, body?: object): Promise<Answer> => {
    const answer = await fetch(`${url}${path}`, {
      method,
      ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(10_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator refused ${method} ${path}: ${text}`);
    return JSON.parse(text) as Answer;
  };
  return {
    addAccount: (account) => call('POST', '/control/accounts', account),
    accounts: async () => (await call<{ accounts: SimulatedAccount[] }>('GET', '/control/accounts')).accounts,
    addOrders: async (orders) =>
      (await call<{ orders: SimulatedOrder[] }>('POST', '/control/orders', { orders })).orders,
    async dhlDelivers(trackingNumber, at) {
      await call('POST', '/control/dhl', { trackingNumber, statusCode: 'delivered', timestamp: at.toISOString() });
    },
    async pushTo(pushUrl) {
      await call('POST', '/control/behaviour', { pushUrl });
    },
    async changePassword(account, sofPassword) {
      await call('PATCH', `/control/accounts/${account}`, { sofPassword });
      await call('POST', `/control/accounts/${account}/expire`, { tokens: ['sof'] });
    },
  };
}
