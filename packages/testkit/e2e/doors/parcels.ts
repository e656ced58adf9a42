/** Orders of which each door is told the same, in the states in which an update can find them. */
import type { Stage } from '../stage.ts';

export type Parcel = {
  readonly packageId: string;
  readonly state: string;
  readonly columns?: Readonly<Record<string, unknown>>;
  /** An end that is on its way to Lazada. */
  readonly sending?: { readonly status: string; readonly occurredAt: string };
};
/** One order's packages. */
export type Situation = readonly Parcel[];

export const EARLIER = '2026-03-02T04:00:00Z';
export const LATER = '2026-03-02T05:00:00Z';
const SENT = '2026-03-02T06:00:00Z';
const number = (packageId: string) => ({ tracking_number: `TN-${packageId}` });
const WITH_DHL = { carrier: 'DHL', carrier_tracking_number: 'JVGL01' };
const SHIPPED = { shipped_at: EARLIER, shipped_sent_at: SENT };

export const SITUATIONS: Readonly<Record<string, Situation>> = {
  'no package yet': [],
  'one package, ready to ship': [{ packageId: 'FP1', state: 'ready_to_ship' }],
  'one package, shipped': [{ packageId: 'FP1', state: 'shipped', columns: SHIPPED }],
  'one package, with DHL': [{ packageId: 'FP1', state: 'shipped', columns: { ...SHIPPED, ...WITH_DHL } }],
  'two packages, one of them with DHL': [
    { packageId: 'FP1', state: 'shipped', columns: { ...SHIPPED, ...WITH_DHL } },
    { packageId: 'FP2', state: 'shipped', columns: SHIPPED },
  ],
  'one package, delivered': [
    { packageId: 'FP1', state: 'delivered', columns: { ...SHIPPED, delivered_at: LATER, delivered_sent_at: SENT } },
  ],
  'delivered by hand at Lazada': [{ packageId: 'FP1', state: 'delivered' }],
  'an end on its way': [
    {
      ...{ packageId: 'FP1', state: 'shipped', columns: SHIPPED },
      sending: { status: 'delivered', occurredAt: LATER },
    },
  ],
  'two packages, one of them over': [
    {
      packageId: 'FP1',
      state: 'not_delivered',
      columns: { ...SHIPPED, not_delivered_at: LATER, not_delivered_sent_at: SENT },
    },
    { packageId: 'FP2', state: 'ready_to_ship' },
  ],
  'two packages, one of them cancelled': [
    { packageId: 'FP1', state: 'cancelled' },
    { packageId: 'FP2', state: 'shipped', columns: SHIPPED },
  ],
};

let made = 0;

/** An order of the host, with these packages as we would have read them; its number. */
export async function placeOrder({ sql }: Stage, account: string, situation: Situation): Promise<string> {
  const orderNumber = `7001000000${String(++made).padStart(5, '0')}`;
  const [order] = await sql(
    `insert into public.orders (account_id, order_number, created_at)
     select id, $2, '2026-03-01T00:00:00Z' from account.lazada where name = $1 returning id`,
    [account, orderNumber],
  );
  for (const parcel of situation) await placeParcel(sql, String(order?.id), parcel);
  return orderNumber;
}

async function placeParcel(sql: Stage['sql'], orderId: string, { packageId, state, columns, sending }: Parcel) {
  const row = {
    order_id: orderId,
    package_id: packageId,
    state,
    ready_to_ship_at: EARLIER,
    ...number(packageId),
    ...columns,
  };
  const [parcel] = await insert(sql, 'public.order_lazada_package', row);
  if (sending)
    await insert(sql, 'public.order_lazada_attempt', {
      ...{ order_id: orderId, package_id: parcel?.id, ...number(packageId) },
      ...{ status: sending.status, occurred_at: sending.occurredAt },
    });
}

function insert(sql: Stage['sql'], table: string, row: Readonly<Record<string, unknown>>) {
  const fields = Object.keys(row);
  const values = fields.map((_, index) => `$${index + 1}`).join(', ');
  return sql(`insert into ${table} (${fields.join(', ')}) values (${values}) returning id`, Object.values(row));
}

type Row = Record<string, unknown>;

export type Stored = {
  readonly order: readonly Row[];
  readonly packages: readonly Row[];
  readonly steps: readonly Row[];
  readonly told: readonly Row[];
};

/** What is stored of an order, without what differs between two orders that were told the same. */
export async function storedOf({ sql }: Stage, orderNumber: string, since: Date): Promise<Stored> {
  const order = await sql(ORDER, [orderNumber]);
  const packages = await sql(`select p.* from public.order_lazada_package p ${OF_ORDER} order by p.package_id`, [
    orderNumber,
  ]);
  const steps = await sql(`select p.* from public.order_lazada_step p ${OF_ORDER} order by p.step`, [orderNumber]);
  const events = await sql(`select p.kind, p.data from public.order_lazada_event p ${OF_ORDER} order by p.id`, [
    orderNumber,
  ]);
  const told = events.map(({ kind, data }) => ({ kind, data: withoutSender(data as Row) }));
  return { order: likened(order, since), packages: likened(packages, since), steps: likened(steps, since), told };
}

/** Without what is told of an order for the answer that its sender waits for: a file's are told in its own result. */
export const withoutAnswers = ({ told, ...stored }: Stored): Stored => ({
  ...stored,
  told: told
    .map(({ kind, data }) => ({ kind, data: data as Row }))
    .filter(({ data }) => data.refused === undefined)
    .map(({ kind, data: { sent: _sent, ...data } }) => ({ kind, data })),
});

/** Without what a carrier adds to its word. */
export const withoutCarriersWords = ({ told, ...stored }: Stored): Stored => ({
  ...stored,
  told: told.map(({ kind, data }) => {
    const { carrier: _carrier, code: _code, service: _service, ...said } = data as Row;
    return { kind, data: said };
  }),
});

/** Without when it is looked at. */
export const withoutLook = ({ order, steps, ...stored }: Stored): Stored => ({
  ...stored,
  order: order.map(({ next_attempt_at: _, ...row }) => row),
  steps: steps.filter(({ step }) => step !== 'look'),
});

/** What the host says and reads in its own columns. */
export async function hostColumnsOf({ sql }: Stage, orderNumber: string, since: Date): Promise<object> {
  return likened(await sql(HOST_COLUMNS, [orderNumber]), since);
}

const OF_ORDER = 'join public.orders o on o.id = p.order_id where o.order_number = $1';
const ORDER = `select o.update_shipping, o.tool_status, p.* from public.order_lazada p ${OF_ORDER}`;
const HOST_COLUMNS = `
  select o.update_shipping, o.tool_status, p.update_delivered, p.delivered_at, p.update_not_delivered, p.not_delivered_at,
         p.not_delivered_reason, p.shipped_at, p.not_delivered_released_at
    from public.order_lazada p ${OF_ORDER}`;
const OWN = new Set(['id', 'order_id']);

/** A moment of this run is "now": two orders are not told at the same millisecond. */
function likened(rows: readonly Row[], since: Date): Row[] {
  const alike = (value: unknown) => (value instanceof Date && value >= since ? 'now' : value);
  return rows.map((row) =>
    Object.fromEntries(Object.entries(row).flatMap(([name, value]) => (OWN.has(name) ? [] : [[name, alike(value)]]))),
  );
}

/** Who said it, and under which request, is the door's; a time that was filled in is that of the moment. */
function withoutSender({
  by: _by,
  requestId: _requestId,
  saying: _saying,
  file: _file,
  line: _line,
  at,
  request,
  ...data
}: Row): Row {
  const asked = request as Row | undefined;
  return {
    ...data,
    ...(at !== undefined && { at: data.timeFilled === true ? 'now' : at }),
    ...(asked && { request: { ...asked, requestId: undefined } }),
  };
}
