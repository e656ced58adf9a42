/** The service as a process of its own, started as everywhere else. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeOnRedis, startTestSystem, type TestSystem } from '@lazada-sof/testkit';

const admin = { user: 'root', password: 'first administrator' };

await describeOnRedis('the api process', () => {
  let system: TestSystem;
  beforeAll(async () => {
    const env = { CONSOLE_ADMIN: `${admin.user}:${admin.password}`, LOG_LEVEL: 'debug' };
    system = await startTestSystem({ services: ['api'], queue: 'redis', env });
  }, 30_000);
  afterAll(() => system.close());

  const health = async (path: string) => {
    const response = await fetch(`${system.worker('api').healthUrl}${path}`);
    return { status: response.status, body: await response.text() };
  };

  test('is ready with its database and its queue', async () => {
    expect(await health('/readyz')).toEqual({ status: 200, body: '{"database":true,"queue":true}' });
  });

  test('tells how orders and queues stand', async () => {
    const { body } = await health('/metrics');
    expect(body).toContain('sof_queue_jobs{queue="status-sync",state="waiting"} 0');
    expect(body).toContain('sof_oldest_waiting_seconds{queue="invoice-fetch"} 0');
    expect(body).toContain('# TYPE sof_orders_open gauge');
  });

  test('serves health and metrics on their own port only', async () => {
    for (const path of ['/livez', '/readyz', '/metrics']) {
      expect((await fetch(`${system.url('api')}${path}`)).status).toBe(404);
    }
  });

  test('lets the administrator of the settings in', async () => {
    const response = await fetch(`${system.url('api')}/session`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(admin),
    });
    expect(response.status).toBe(204);
  });

  test('ends in order on SIGTERM, also while a client keeps its connection open', async () => {
    await fetch(`${system.url('api')}/openapi.json`, { headers: { connection: 'keep-alive' } });
    expect(await system.worker('api').stop()).toMatchObject({ code: 0 });
  });
});
