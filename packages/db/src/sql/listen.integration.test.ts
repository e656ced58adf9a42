import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openDbForTest, READY, type TestDb } from '../db.fixture.ts';
import { listen } from './listen.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());

/** A listener whose calls can be waited for. */
function listening(url = host.url) {
  const calls = new EventEmitter();
  const listener = listen({ url, onNotify: () => calls.emit('notify'), onLost: (error) => calls.emit('lost', error) });
  return { ...listener, next: (name: 'notify' | 'lost') => once(calls, name) };
}

test('a flag in plain SQL is heard', async () => {
  const heard = listening();
  await heard.next('notify');
  const orderId = await host.order(await host.account());
  const next = heard.next('notify');
  await host.sql('update order_lazada set update_delivered = 1, delivered_at = now() where order_id = $1', [orderId]);
  await next;
  await heard.close();
});

test('a connection that is cut is made again, and then it looks: something may have happened meanwhile', async () => {
  const heard = listening();
  await heard.next('notify');
  const [lost, again] = [heard.next('lost'), heard.next('notify')];
  await host.sql(
    "select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'lazada-sof listener' and datname = current_database()",
  );
  await lost;
  await again;
  const next = heard.next('notify');
  await host.order(await host.account(), READY);
  await next;
  await heard.close();
});

test('while the database is away it says so and keeps trying, and can be closed', async () => {
  const heard = listening('postgres://nobody@127.0.0.1:1/nowhere');
  const [error] = await heard.next('lost');
  expect(String(error)).toContain('ECONNREFUSED');
  await heard.next('lost');
  await heard.close();
});
