/** For the simulator's own tests: signs and sends as a well-behaved caller does, with every part open to be spoilt. */
import { signatureOf } from './open-platform/signature.ts';
import type { Simulator } from './simulator.ts';

export type TestAccount = {
  sellerId: string;
  appKey: string;
  appSecret: string;
  accessToken: string;
  refreshToken: string;
  sofUsername: string;
  sofPassword: string;
};
export type TestOrder = {
  orderId: string;
  orderNumber: string;
  items: { orderItemId: string; status: string; visibleStatus: string; packageId: string | null }[];
  packages: { packageId: string; trackingNumber: string; accepted: { status: string; timestamp: string }[] }[];
};
/** An answer of the Open Platform; which of `data` and `result` is there, and of what form, is the test's own claim. */
export type Envelope<Data = unknown> = {
  code: string | number;
  data: Data;
  result: { data: Data };
  [name: string]: unknown;
};
export type ShownItem = { status: string; package_id: string; tracking_code: string; [name: string]: unknown };
export type PackedItem = { item_err_code: string; package_id: string; tracking_number: string };
export type PackAnswer = { pack_order_list: { order_item_list: PackedItem[] }[] };
export type PackagesAnswer = { packages: { package_id: string; item_err_code: string }[] };
export type DocumentAnswer = { document: { mime_type: string; file: string } };

export class TestCaller {
  readonly url: string;

  constructor(simulator: Simulator) {
    this.url = simulator.url;
  }

  async control<Answer>(method: string, path: string, body?: unknown): Promise<Answer> {
    const headers = { 'content-type': 'application/json' };
    const sent = body === undefined ? { method } : { method, headers, body: JSON.stringify(body) };
    const response = await fetch(this.url + path, sent);
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return JSON.parse(text) as Answer;
  }

  account(given: object = {}): Promise<TestAccount> {
    return this.control('POST', '/control/accounts', given);
  }

  async orders(account: TestAccount, given: object = {}): Promise<TestOrder[]> {
    const body = { account: account.sellerId, ...given };
    return (await this.control<{ orders: TestOrder[] }>('POST', '/control/orders', body)).orders;
  }

  async order(account: TestAccount, given: object = {}): Promise<TestOrder> {
    const [order] = await this.orders(account, given);
    if (!order) throw new Error('no order was made');
    return order;
  }

  look(order: TestOrder): Promise<TestOrder> {
    return this.control('GET', `/control/orders/${order.orderNumber}`);
  }

  /** Every parameter of a call, signed; `spoilt` replaces parameters after that, or takes away those it gives null for. */
  signed(account: TestAccount, path: string, own: Record<string, string>, spoilt: Record<string, string | null> = {}) {
    const parameters: Record<string, string> = {
      app_key: account.appKey,
      timestamp: String(Date.now()),
      sign_method: 'sha256',
      ...(path.startsWith('/auth/') ? {} : { access_token: account.accessToken }),
      ...own,
    };
    parameters.sign = signatureOf(path, parameters, account.appSecret);
    for (const [name, value] of Object.entries(spoilt)) {
      if (value === null) delete parameters[name];
      else parameters[name] = value;
    }
    return parameters;
  }

  async get<Data>(account: TestAccount, path: string, own: Record<string, string> = {}): Promise<Envelope<Data>> {
    const query = new URLSearchParams(this.signed(account, path, own));
    return (await (await fetch(`${this.url}/rest${path}?${query}`)).json()) as Envelope<Data>;
  }

  async post<Data>(account: TestAccount, path: string, own: Record<string, string> = {}): Promise<Envelope<Data>> {
    const body = new URLSearchParams(this.signed(account, path, own));
    return (await (await fetch(`${this.url}/rest${path}`, { method: 'POST', body })).json()) as Envelope<Data>;
  }

  /** The order's items as Lazada shows them now. */
  async items(account: TestAccount, order: TestOrder): Promise<ShownItem[]> {
    return (await this.get<ShownItem[]>(account, '/order/items/get', { order_id: order.orderId })).data;
  }

  /** Packs all items of the orders; what each order's part of the answer is. */
  async pack(account: TestAccount, ...orders: TestOrder[]): Promise<PackAnswer['pack_order_list']> {
    const list = orders.map((order) => `{"order_id":${order.orderId},"order_item_list":${idsOf(order)}}`);
    const packReq = `{"pack_order_list":[${list}],"delivery_type":"dropship","shipping_allocate_type":"TFS"}`;
    return (await this.post<PackAnswer>(account, '/order/fulfill/pack', { packReq })).result.data.pack_order_list;
  }

  async ready(account: TestAccount, ...ids: string[]): Promise<PackagesAnswer['packages']> {
    return this.onPackages(account, '/order/package/rts', 'readyToShipReq', ids);
  }

  async onPackages(account: TestAccount, path: string, parameter: string, ids: string[]) {
    const packages = JSON.stringify({ packages: ids.map((package_id) => ({ package_id })) });
    return (await this.post<PackagesAnswer>(account, path, { [parameter]: packages })).result.data.packages;
  }

  async login(account: TestAccount): Promise<string> {
    const { sofUsername: username, sofPassword: password } = account;
    const response = await this.sof('/api/auth', { username, password });
    return ((await response.json()) as { access_token: string }).access_token;
  }

  sof(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
    return fetch(this.url + path, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
  }

  report(token: string, trackingNumber: string, status: string, spoilt: object = {}): Promise<Response> {
    const body = { status, tracking_number: trackingNumber, timestamp: '2026-01-31T12:00:00+00:00', ...spoilt };
    return this.sof('/api/statuses/', body, { authorization: `JWT ${token}` });
  }
}

/** `[1,2]`, as the Open Platform takes item ids. */
export function idsOf(order: TestOrder): string {
  return `[${order.items.map(({ orderItemId }) => orderItemId).join(',')}]`;
}
