/** Lazada as a test sees it from outside: what it was told, what it was asked, and how to set its scene. */
import got from 'got';

export type Counts = {
  readonly calls: Readonly<Record<string, number>>;
  readonly refusals: Readonly<Record<string, number>>;
  readonly accepted: Readonly<Record<string, number>>;
  readonly duplicates: number;
  readonly endedWithoutShipped: number;
  readonly batches: Readonly<Record<string, { calls: number; elements: number; largest: number }>>;
};
export type LazadaOrder = {
  readonly orderNumber: string;
  readonly items: readonly { orderItemId: string; visibleStatus: string }[];
  readonly packages: readonly {
    packageId: string;
    trackingNumber: string;
    accepted: readonly { status: string; timestamp: string; at: string }[];
  }[];
};

export type Lazada = {
  get<Answer>(path: string): Promise<Answer>;
  post(path: string, body?: unknown): Promise<unknown>;
  patch(path: string, body: object): Promise<unknown>;
  remove(path: string): Promise<unknown>;
  order(orderNumber: string): Promise<LazadaOrder>;
  /** The statuses that SOF accepted for an order, package by package. */
  statuses(orderNumber: string): Promise<string[][]>;
  /** How often this call (`sof/status`, `/order/fulfill/pack`) named an order, item, package or tracking number. */
  asked(call: string, about: string): Promise<number>;
  counts(): Promise<Counts>;
};

/** The simulator at this URL. */
export function lazadaAt(url: string): Lazada {
  const http = got.extend({ prefixUrl: url, retry: { limit: 0 }, timeout: { request: 20_000 } });
  const at = (path: string) => path.replace(/^\//, '');
  const order = (orderNumber: string) => http.get(`control/orders/${orderNumber}`).json<LazadaOrder>();
  return {
    get: (path) => http.get(at(path)).json(),
    post: (path, body) => http.post(at(path), body === undefined ? {} : { json: body }).json(),
    patch: (path, body) => http.patch(at(path), { json: body }).json(),
    remove: (path) => http.delete(at(path)).json(),
    order,
    statuses: async (orderNumber) =>
      (await order(orderNumber)).packages.map(({ accepted }) => accepted.map(({ status }) => status)),
    async asked(call, about) {
      const query = new URLSearchParams({ call, limit: '1000' });
      const { requests } = await http.get(`control/requests?${query}`).json<{ requests: { parameters: object }[] }>();
      return requests.filter(({ parameters }) => JSON.stringify(parameters).includes(about)).length;
    },
    counts: () => http.get('control/counts').json(),
  };
}
