import { EventEmitter, once } from 'node:events';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnPgBouncer } from '@lazada-sof/testkit';
import { openDbForTest, READY, type TestDb } from '../db.fixture.ts';
import { listen } from '../sql/listen.ts';

let host: TestDb;
beforeAll(async () => {
  host = await openDbForTest();
});
afterAll(() => host.close());

function listening(url: string) {
  const calls = new EventEmitter();
  const listener = listen({ url, onNotify: () => calls.emit('notify'), onLost: (error) => calls.emit('lost', error) });
  return { ...listener, next: (name: 'notify' | 'lost') => once(calls, name) };
}

await describeOnPgBouncer('notifications through a pooler in transaction mode', (through) => {
  test('are never heard, which is said with the way out', async () => {
    const heard = listening(through(host.cliUrl));
    const [error] = await heard.next('lost');
    expect(String(error)).toContain('give the scheduler a DATABASE_LISTEN_URL that leads to PostgreSQL itself');
    await heard.close();
  });
});

await describeOnPgBouncer(
  'notifications through a pooler in session mode',
  (through) => {
    test('are heard', async () => {
      const heard = listening(through(host.cliUrl));
      await heard.next('notify');
      const next = heard.next('notify');
      await host.order(await host.account(), READY);
      await next;
      await heard.close();
    });
  },
  { pool_mode: 'session' },
);
