/** Control calls about orders. */
import type { z } from 'zod';
import type { SimulatorState } from '../server/simulator-state.ts';
import type { Account, Order, OrderScript } from '../world/model.ts';
import { addOrder, DEFAULT_SCRIPT } from '../world/orders.ts';
import { accountNamed } from './accounts.ts';
import { BadRequest, type ControlCall, type ControlRequest, limitOf, parseBody } from './call.ts';
import { applyEvent } from './manual-events.ts';
import { type OrderReport, orderReport } from './order-report.ts';
import { EventBody, type OrderBody, OrdersBody, ScriptBody } from './schemas.ts';

const ORDER = '/control/orders/:name';

export function orderCalls(state: SimulatorState): ControlCall[] {
  const make = ({ body }: ControlRequest) => ({ orders: createOrders(state, parseBody(OrdersBody, body)) });
  return [
    {
      method: 'POST',
      url: '/control/orders',
      description: 'makes orders: account, count, items, status, createdAt, changedAt, script',
      handle: make,
    },
    {
      method: 'GET',
      url: '/control/orders',
      description: 'the newest orders (?account=&limit=)',
      handle: ({ query }) => listOrders(state, query),
    },
    {
      method: 'GET',
      url: ORDER,
      description: 'what Lazada knows of it, every accepted status included',
      handle: ({ name }) => report(state, name),
    },
    {
      method: 'PATCH',
      url: ORDER,
      description: 'changes its script',
      handle: (request) => changeScript(state, request),
    },
    {
      method: 'POST',
      url: `${ORDER}/reissue`,
      description: 'Lazada issues its invoice anew: the next revision, with a number of its own',
      handle: ({ name }) => reissueInvoice(state, name),
    },
    {
      method: 'POST',
      url: `${ORDER}/events`,
      description: 'by hand at Lazada: {"event":"ship","items":[…],"package":"FP…"}',
      handle: (request) => runEvent(state, request),
    },
  ];
}

function createOrders(state: SimulatorState, body: z.output<typeof OrdersBody>): OrderReport[] {
  const wanted = 'orders' in body ? body.orders : [body];
  return wanted.flatMap((one) => {
    const account = accountNamed(state, one.account);
    if (one.orderNumber && one.count > 1)
      throw new BadRequest(`orderNumber ${one.orderNumber} names one order, count is ${one.count}`);
    return Array.from({ length: one.count }, () => orderReport(state.world, createOrder(state, account, one)));
  });
}

function createOrder(state: SimulatorState, account: Account, one: z.output<typeof OrderBody>): Order {
  const items = typeof one.items === 'number' ? Array.from({ length: one.items }, () => ({})) : one.items;
  return addOrder(state.world, account, {
    orderNumber: one.orderNumber,
    items: items as object[],
    status: one.status,
    createdAt: timeOf(one.createdAt),
    changedAt: timeOf(one.changedAt),
    script: mergeScript(DEFAULT_SCRIPT, one.script),
  });
}

const timeOf = (written: string | undefined) => (written === undefined ? undefined : Date.parse(written));

function mergeScript(script: OrderScript, given: z.output<typeof ScriptBody>): OrderScript {
  return {
    ...script,
    ...given,
    invoice: { ...script.invoice, ...given.invoice },
    shipBy: { ...script.shipBy, ...given.shipBy },
  } as OrderScript;
}

function changeScript(state: SimulatorState, { name, body }: ControlRequest) {
  const order = orderNumbered(state, name);
  order.script = mergeScript(order.script, parseBody(ScriptBody, body));
  return report(state, name);
}

function reissueInvoice(state: SimulatorState, name: string) {
  const order = orderNumbered(state, name);
  const { invoice } = order.script;
  order.script = { ...order.script, invoice: { ...invoice, revision: invoice.revision + 1 } };
  return report(state, name);
}

function runEvent(state: SimulatorState, { name, body }: ControlRequest) {
  applyEvent(state.world, orderNumbered(state, name), parseBody(EventBody, body));
  return report(state, name);
}

function orderNumbered(state: SimulatorState, orderNumber: string): Order {
  const order = state.world.orders.get(orderNumber);
  if (!order) throw new BadRequest(`no order ${orderNumber}: GET /control/orders lists them`);
  return order;
}

function report(state: SimulatorState, orderNumber: string): OrderReport {
  return orderReport(state.world, orderNumbered(state, orderNumber));
}

function listOrders(state: SimulatorState, query: Record<string, string>) {
  const seller = query.account === undefined ? undefined : accountNamed(state, query.account).sellerId;
  const orders = [...state.world.orders.values()].filter(({ sellerId }) => (seller ?? sellerId) === sellerId);
  return {
    total: orders.length,
    orders: orders.slice(-limitOf(query)).map((order) => orderReport(state.world, order)),
  };
}
