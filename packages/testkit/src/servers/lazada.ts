/** Lazada as a test sees it from outside: what it was told, what it was asked, and how to set its scene. */

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

/** The simulator at this URL. By node's own fetch: got breaks an answer off that begins before a large body is all sent. */
export function lazadaAt(url: string): Lazada {
  const call = async <Answer>(method: string, path: string, body?: unknown): Promise<Answer> => {
    const answer = await fetch(new URL(path, url), {
      method,
      ...(body !== undefined && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`the simulator refused ${method} ${path}: ${answer.status} ${text}`);
    return JSON.parse(text) as Answer;
  };
  const order = (orderNumber: string) => call<LazadaOrder>('GET', `/control/orders/${orderNumber}`);
  return {
    get: (path) => call('GET', path),
    post: (path, body) => call('POST', path, body),
    patch: (path, body) => call('PATCH', path, body),
    remove: (path) => call('DELETE', path),
    order,
    statuses: async (orderNumber) =>
      (await order(orderNumber)).packages.map(({ accepted }) => accepted.map(({ status }) => status)),
    async asked(name, about) {
      const query = new URLSearchParams({ call: name, limit: '1000' });
      const { requests } = await call<{ requests: { parameters: object }[] }>('GET', `/control/requests?${query}`);
      return requests.filter(({ parameters }) => JSON.stringify(parameters).includes(about)).length;
    },
    counts: () => call('GET', '/control/counts'),
  };
}
