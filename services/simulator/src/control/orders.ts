/** Control calls about orders. */
import type { z } from 'zod';
import type { Desk } from '../server/serve-call.ts';
import type { Account, Order, OrderScript } from '../world/model.ts';
import { addOrder, USUAL_SCRIPT } from '../world/orders.ts';
import { accountNamed } from './accounts.ts';
import { type Asked, type ControlCall, limitOf, Mistake, read } from './call.ts';
import { happen } from './manual-events.ts';
import { type OrderReport, orderReport } from './order-report.ts';
import { EventBody, type OrderBody, OrdersBody, ScriptBody } from './schemas.ts';

const ORDER = '/control/orders/:name';

export function orderCalls(desk: Desk): ControlCall[] {
  const make = ({ body }: Asked) => ({ orders: createOrders(desk, read(OrdersBody, body)) });
  return [
    {
      method: 'POST',
      url: '/control/orders',
      does: 'makes orders: account, count, items, status, script',
      handle: make,
    },
    {
      method: 'GET',
      url: '/control/orders',
      does: 'the newest orders (?account=&limit=)',
      handle: ({ query }) => listOrders(desk, query),
    },
    {
      method: 'GET',
      url: ORDER,
      does: 'what Lazada knows of it, every accepted status included',
      handle: ({ name }) => report(desk, name),
    },
    { method: 'PATCH', url: ORDER, does: 'changes its script', handle: (asked) => rescript(desk, asked) },
    {
      method: 'POST',
      url: `${ORDER}/events`,
      does: 'by hand at Lazada: {"event":"ship","items":[…],"package":"FP…"}',
      handle: (asked) => event(desk, asked),
    },
  ];
}

function createOrders(desk: Desk, body: z.output<typeof OrdersBody>): OrderReport[] {
  const wanted = 'orders' in body ? body.orders : [body];
  return wanted.flatMap((one) => {
    const account = accountNamed(desk, one.account);
    if (one.orderNumber && one.count > 1)
      throw new Mistake(`orderNumber ${one.orderNumber} names one order, count is ${one.count}`);
    return Array.from({ length: one.count }, () => orderReport(desk.world, createOrder(desk, account, one)));
  });
}

function createOrder(desk: Desk, account: Account, one: z.output<typeof OrderBody>): Order {
  const items = typeof one.items === 'number' ? Array.from({ length: one.items }, () => ({})) : one.items;
  return addOrder(desk.world, account, {
    orderNumber: one.orderNumber,
    items: items as object[],
    status: one.status,
    createdAt: one.createdAt === undefined ? undefined : Date.parse(one.createdAt),
    script: merged(USUAL_SCRIPT, one.script),
  });
}

function merged(script: OrderScript, given: z.output<typeof ScriptBody>): OrderScript {
  return { ...script, ...given, invoice: { ...script.invoice, ...given.invoice } } as OrderScript;
}

function rescript(desk: Desk, { name, body }: Asked) {
  const order = orderNumbered(desk, name);
  order.script = merged(order.script, read(ScriptBody, body));
  return report(desk, name);
}

function event(desk: Desk, { name, body }: Asked) {
  happen(desk.world, orderNumbered(desk, name), read(EventBody, body));
  return report(desk, name);
}

function orderNumbered(desk: Desk, orderNumber: string): Order {
  const order = desk.world.orders.get(orderNumber);
  if (!order) throw new Mistake(`no order ${orderNumber}: GET /control/orders lists them`);
  return order;
}

function report(desk: Desk, orderNumber: string): OrderReport {
  return orderReport(desk.world, orderNumbered(desk, orderNumber));
}

function listOrders(desk: Desk, query: Record<string, string>) {
  const seller = query.account === undefined ? undefined : accountNamed(desk, query.account).sellerId;
  const orders = [...desk.world.orders.values()].filter(({ sellerId }) => (seller ?? sellerId) === sellerId);
  return { total: orders.length, orders: orders.slice(-limitOf(query)).map((order) => orderReport(desk.world, order)) };
}
