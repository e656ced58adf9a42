import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/testkit';
import { type Simulator, startSimulator } from '../simulator.ts';
import type { SentPush } from './pusher.ts';

type Received = { readonly authorization: string | undefined; readonly body: string };

let simulator: Simulator;
let server: Server;
let answer = 200;
const received: Received[] = [];
beforeAll(async () => {
  simulator = await startSimulator();
  server = createServer(async (request: IncomingMessage, response: ServerResponse) => {
    received.push({ authorization: request.headers.authorization, body: await text(request) });
    response.writeHead(answer).end();
    server.emit('push');
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
});
afterAll(async () => {
  await simulator.close();
  server.close();
});

async function control<Answer = Record<string, string>>(method: string, path: string, body?: object): Promise<Answer> {
  const init = body ? { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) } : {};
  return (await fetch(`${simulator.url}/control/${path}`, { method, ...init })).json() as Promise<Answer>;
}
const listen = () =>
  control('POST', 'behaviour', { pushUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
async function afterPush(happens: () => Promise<unknown>): Promise<Received> {
  const pushed = once(server, 'push');
  await happens();
  await pushed;
  return received.at(-1) ?? { authorization: undefined, body: '' };
}

test('a status is pushed as Lazada does, with a signature over the bytes', async () => {
  const account = await control('POST', 'accounts', { name: 'demo-sg' });
  await listen();
  const { body, authorization } = await afterPush(() =>
    control('POST', 'orders', { account: 'demo-sg', orderNumber: '4001', status: 'packed' }),
  );
  expect(JSON.parse(body)).toEqual({
    seller_id: account.sellerId,
    message_type: 0,
    data: {
      order_status: 'packed',
      trade_order_id: '4001',
      trade_order_line_id: expect.stringMatching(/^\d+$/),
      status_update_time: expect.any(Number),
    },
    timestamp: expect.any(Number),
    site: 'lazada_sg',
  });
  const signed = createHmac('sha256', String(account.appSecret)).update(`${account.appKey}${body}`).digest('hex');
  expect(authorization).toBe(signed);
});

test('what was answered can be looked up', async () => {
  answer = 401;
  await afterPush(() => control('POST', 'orders', { account: 'demo-sg', orderNumber: '4002', status: 'packed' }));
  const last = async () => (await control<{ pushes: SentPush[] }>('GET', 'pushes')).pushes.at(-1);
  const told = await until(async () => (await last())?.orderNumber === '4002' && last(), {
    what: 'the answer is told',
    withinMs: 10_000,
  });
  expect(told).toMatchObject({ orderNumber: '4002', status: 'packed', answer: '401' });
});
