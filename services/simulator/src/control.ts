/** The control API: how tests and scripts set the scene, break things, and see what happened. Listed on the page at `/`. */
import type { FastifyInstance } from 'fastify';
import type { ZodType, z } from 'zod';
import { addAccount, endTokens, issueCode } from './accounts.ts';
import { happen } from './by-hand.ts';
import {
  AccountBody,
  BehaviourBody,
  ClockBody,
  EventBody,
  ExpireBody,
  FileFaultBody,
  type OrderBody,
  OrdersBody,
  ResetBody,
  ScriptBody,
  ShipmentBody,
} from './control-schemas.ts';
import { type OrderReport, orderReport } from './control-views.ts';
import type { Shipment } from './dhl.ts';
import { FaultSchema } from './faults.ts';
import type { Desk } from './front-door.ts';
import type { Account, Order, OrderScript } from './model.ts';
import { addOrder, USUAL_SCRIPT } from './orders.ts';
import type { FileTargets } from './simulator.ts';

const TOKENS = { access: 'accessTokens', refresh: 'refreshTokens', sof: 'sofTokens' } as const;

/** A mistake in a control call: answered as 400 with its text. */
class Mistake extends Error {}

/** One control call: what it does is told on the page. */
export type ControlCall = {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly does: string;
  readonly handle: (asked: Asked) => unknown;
};
type Asked = { readonly name: string; readonly query: Readonly<Record<string, string>>; readonly body: unknown };

export function controlRoutes(app: FastifyInstance, calls: readonly ControlCall[]): void {
  for (const { method, url, handle } of calls)
    app.route<{ Params: { name?: string }; Querystring: Record<string, string> }>({
      method,
      url,
      handler: ({ params, query, body }) => handle({ name: params.name ?? '', query, body }),
    });
}

export type Controlled = {
  readonly desk: Desk;
  readonly shipments: Map<string, Shipment>;
  readonly files: Pick<FileTargets, 'ftp' | 'sftp'>;
};

export function controlCalls({ desk, shipments, files }: Controlled): readonly ControlCall[] {
  return [
    ...accountCalls(desk),
    ...orderCalls(desk),
    ...sceneCalls(desk, shipments),
    ...faultCalls(desk),
    ...fileFaultCalls(files),
  ];
}

const ACCOUNT = '/control/accounts/:name';
const ORDER = '/control/orders/:name';

function accountCalls(desk: Desk): ControlCall[] {
  const make = ({ body }: Asked) => accountReport(addAccount(desk.world, read(AccountBody, body)));
  const list = () => ({ accounts: [...desk.world.accounts.values()].map(accountReport) });
  const code = ({ name }: Asked) => ({ code: issueCode(desk.world, accountNamed(desk, name)).value });
  return [
    { method: 'POST', url: '/control/accounts', does: 'makes an account; what is left out is invented', handle: make },
    { method: 'GET', url: '/control/accounts', does: 'all accounts with their secrets', handle: list },
    {
      method: 'GET',
      url: ACCOUNT,
      does: 'one, by seller id or name',
      handle: ({ name }) => accountReport(accountNamed(desk, name)),
    },
    {
      method: 'PATCH',
      url: ACCOUNT,
      does: 'changes it (a new password, lifetimes)',
      handle: (asked) => changeAccount(desk, asked),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/expire`,
      does: 'ends its tokens now: {"tokens":["access","refresh","sof"]}',
      handle: (asked) => expire(desk, asked),
    },
    {
      method: 'POST',
      url: `${ACCOUNT}/codes`,
      does: 'an authorisation code, as the consent page would hand out',
      handle: code,
    },
  ];
}

function orderCalls(desk: Desk): ControlCall[] {
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

function sceneCalls(desk: Desk, shipments: Map<string, Shipment>): ControlCall[] {
  const behave = ({ body }: Asked) => Object.assign(desk.world.behaviour, read(BehaviourBody, body));
  const requests = ({ query }: Asked) => ({ requests: desk.journal.read({ ...query, limit: limitOf(query) }) });
  return [
    { method: 'GET', url: '/control/behaviour', does: 'what holds for all calls', handle: () => desk.world.behaviour },
    {
      method: 'POST',
      url: '/control/behaviour',
      does: 'changes it: answerDelayMs, visibleAfterSeconds, limits, dialect, dates',
      handle: behave,
    },
    {
      method: 'POST',
      url: '/control/clock',
      does: 'moves the clock of tokens and waits: {"advanceSeconds":60}',
      handle: ({ body }) => advance(desk, body),
    },
    {
      method: 'POST',
      url: '/control/dhl',
      does: 'what DHL knows of a number',
      handle: ({ body }) => trackShipment(shipments, body),
    },
    {
      method: 'GET',
      url: '/control/counts',
      does: 'calls, refusals, accepted statuses, batches, peaks',
      handle: () => desk.counter.read(),
    },
    {
      method: 'GET',
      url: '/control/requests',
      does: 'the last requests without secrets (?call=&account=&limit=)',
      handle: requests,
    },
    {
      method: 'POST',
      url: '/control/reset',
      does: 'begins anew: {"seed":1}; {"only":"counts"} keeps accounts and orders',
      handle: ({ body }) => reset(desk, shipments, body),
    },
  ];
}

function faultCalls(desk: Desk): ControlCall[] {
  const add = ({ body }: Asked) => desk.faults.add(read(FaultSchema, body));
  return [
    { method: 'POST', url: '/faults', does: 'lets something go wrong', handle: add },
    { method: 'GET', url: '/faults', does: 'what goes wrong now', handle: () => ({ faults: desk.faults.list() }) },
    { method: 'DELETE', url: '/faults', does: 'lets all go well again', handle: () => takeAway(desk) },
    {
      method: 'DELETE',
      url: '/faults/:name',
      does: 'takes one away, by its id',
      handle: ({ name }) => takeAway(desk, Number(name)),
    },
  ];
}

function fileFaultCalls(files: Controlled['files']): ControlCall[] {
  const list = () => ({ ftp: files.ftp.faults.list(), sftp: files.sftp.faults.list() });
  const set = ({ body }: Asked) => {
    const { target, fault, times } = read(FileFaultBody, body);
    files[target].faults.set(fault, times);
    return list();
  };
  const clear = () => {
    for (const { faults } of [files.ftp, files.sftp]) faults.clear();
    return list();
  };
  const url = '/file-faults';
  return [
    {
      method: 'POST',
      url,
      does: 'lets a file target fail: {"target":"sftp","fault":"drop-upload","times":1}',
      handle: set,
    },
    { method: 'GET', url, does: 'how file targets fail now', handle: list },
    { method: 'DELETE', url, does: 'lets them work again', handle: clear },
  ];
}

function read<Schema extends ZodType>(schema: Schema, body: unknown): z.output<Schema> {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw new Mistake(
    result.error.issues.map(({ path, message }) => `${path.join('.') || 'body'}: ${message}`).join('; '),
  );
}

/** The account with its secrets: whoever sets up a test or a demo needs them. */
function accountReport(account: Account) {
  const { accessTokens, refreshTokens, sofTokens, codes, ...rest } = account;
  const access = accessTokens.at(-1);
  const refresh = refreshTokens.at(-1);
  return {
    ...rest,
    accessToken: access?.value ?? null,
    accessTokenExpiresAt: access ? new Date(access.expiresAt).toISOString() : null,
    refreshToken: refresh?.value ?? null,
    refreshTokenExpiresAt: refresh ? new Date(refresh.expiresAt).toISOString() : null,
    tokensIssued: {
      access: accessTokens.length,
      refresh: refreshTokens.length,
      sof: sofTokens.length,
      codes: codes.length,
    },
  };
}

function accountNamed(desk: Desk, name: string): Account {
  const account = desk.world.account(name);
  if (!account) throw new Mistake(`no account ${name}: POST /control/accounts makes one`);
  return account;
}

function changeAccount(desk: Desk, { name, body }: Asked) {
  const account = accountNamed(desk, name);
  const { sellerId, lifetimes, ...rest } = read(AccountBody, body);
  if (sellerId) throw new Mistake('sellerId cannot be changed');
  Object.assign(account, rest);
  Object.assign(account.lifetimes, lifetimes);
  return accountReport(account);
}

function expire(desk: Desk, { name, body }: Asked) {
  const account = accountNamed(desk, name);
  endTokens(
    account,
    read(ExpireBody, body).tokens.map((kind) => TOKENS[kind]),
  );
  return accountReport(account);
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

function limitOf(query: Record<string, string>): number {
  const limit = Number(query.limit ?? 100);
  if (!Number.isInteger(limit) || limit < 1) throw new Mistake(`limit ${query.limit} is not a number from 1 up`);
  return limit;
}

function advance(desk: Desk, body: unknown) {
  desk.world.clockOffsetMs += read(ClockBody, body).advanceSeconds * 1000;
  return { now: new Date(desk.world.now()).toISOString() };
}

function trackShipment(shipments: Map<string, Shipment>, body: unknown): Shipment {
  const { trackingNumber, statusCode, timestamp } = read(ShipmentBody, body);
  const shipment = { id: trackingNumber, statusCode, timestamp };
  shipments.set(trackingNumber, shipment);
  return shipment;
}

function reset(desk: Desk, shipments: Map<string, Shipment>, body: unknown) {
  const { seed, only } = read(ResetBody, body);
  desk.counter.reset();
  desk.journal.reset();
  desk.faults.remove();
  if (only !== 'counts') {
    desk.world.reset(seed);
    shipments.clear();
  }
  return { ok: true };
}

function takeAway(desk: Desk, id?: number) {
  desk.faults.remove(id);
  return { faults: desk.faults.list() };
}
