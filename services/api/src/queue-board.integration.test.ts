import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { runWorker } from '@lazada-sof/queue';
import { describeOnRedis } from '@lazada-sof/testkit';
import { type Headers, openApiForTest, type TestApi } from './api.fixture.ts';

await describeOnRedis('the queue dashboard', () => {
  let api: TestApi;
  let viewer: Headers;
  let operator: Headers;
  beforeAll(async () => {
    api = await openApiForTest();
    viewer = await api.person('viewer');
    operator = await api.person('operator');
  });
  afterAll(() => api.close());

  const boardOf = async (headers: Headers) => {
    const response = await api.call('GET /queues/api/queues?activeQueue=status-sync&status=failed', { headers });
    type Shown = { name: string; readOnlyMode: boolean; jobs: { id: string; failedReason: string }[] };
    return response.json() as { queues: Shown[] };
  };
  const failedJobs = async () => (await boardOf(viewer)).queues.find(({ name }) => name === 'status-sync')?.jobs ?? [];

  test('a browser without a session gets the sign-in page, which comes back to it and runs no script', async () => {
    const response = await api.call('GET /queues', { headers: { accept: 'text/html,*/*' } });
    expect(response.statusCode).toBe(401);
    expect(response.body).toContain('<input name="password" type="password"');
    expect(response.body).toContain('<input type="hidden" name="next" value="/queues">');
    expect(response.headers['content-security-policy']).toMatch(/^default-src 'none'; style-src 'sha256-/);
  });

  test('viewers see the page and every queue', async () => {
    const page = await api.call('GET /queues', { headers: viewer });
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toContain("script-src 'self'");
    const { queues } = await boardOf(viewer);
    expect(queues.map(({ name }) => name).sort()).toEqual([
      'carrier-poll',
      'invoice-fetch',
      'invoice-upload',
      'order-update',
      'status-sync',
      'tracking-fetch',
    ]);
  });

  test('changes are offered to operators, not to viewers', async () => {
    const readOnly = async (headers: Headers) =>
      new Set((await boardOf(headers)).queues.map((queue) => queue.readOnlyMode));
    expect(await readOnly(viewer)).toEqual(new Set([true]));
    expect(await readOnly(operator)).toEqual(new Set([false]));
  });

  describe('a job that failed for good', () => {
    let mended = false;
    const tried: boolean[] = [];
    const again = Promise.withResolvers<void>();
    let failed: { id: string; failedReason: string };
    let stop: () => Promise<void>;
    beforeAll(async () => {
      const worker = await runWorker({
        queue: 'status-sync',
        url: api.queue.url,
        prefix: api.queue.prefix,
        concurrency: 1,
        log: api.log,
        handlers: {
          'check-account': async () => 'done',
          'seal-account': async () => 'done',
          'sync-status': async (_data, { force }) => {
            tried.push(force);
            if (mended) again.resolve();
            else return { outcome: 'failed', reason: 'shop-1/123: rejected: <img src=x onerror=alert(1)>' };
            return 'done';
          },
        },
      });
      stop = worker.close;
      await api.producer.addAndWait({ name: 'sync-status', data: { v: 1, orderId: '7' } }, 10_000);
      const [job] = await failedJobs();
      if (!job) throw new Error('the job did not fail');
      failed = job;
    });
    afterAll(() => stop());

    test('is shown with its order and reason', () => {
      expect(failed.failedReason).toMatch(/^shop-1\/123: rejected/);
    });

    test('is not retried by a viewer', async () => {
      const response = await api.call(`PUT /queues/api/queues/status-sync/${failed.id}/retry`, { headers: viewer });
      expect(response.statusCode).toBe(403);
      expect(tried).toEqual([false]);
    });

    test('is tried again, with force, when an operator retries it', async () => {
      mended = true;
      const response = await api.call(`PUT /queues/api/queues/status-sync/${failed.id}/retry`, { headers: operator });
      expect(response.statusCode).toBe(204);
      await again.promise;
      expect(tried).toEqual([false, true]);
    });

    test('is not emptied away by an operator', async () => {
      const response = await api.call('PUT /queues/api/queues/status-sync/empty', { headers: operator });
      expect(response.statusCode).toBe(403);
    });
  });

  describe('an update that another system sent, of which its job is all that there is', () => {
    let admin: Headers;
    let update: string;
    beforeAll(async () => {
      admin = await api.person('admin');
      const job = await updates().add('update-order', { v: 1, account: 'shop-1' }, { jobId: 'told-once' });
      update = String(job.id);
    });
    const updates = () => {
      const found = api.producer.queues().find(({ name }) => name === 'order-update');
      if (!found) throw new Error('there is no queue of updates');
      return found;
    };
    const jobs = async () => (await updates().getJobs()).map(({ id, data }) => ({ id, data }));

    test.each([
      ['empty the queue', 'PUT', () => 'order-update/empty'],
      ['remove the queue', 'PUT', () => 'order-update/obliterate'],
      ['clean what waits', 'PUT', () => 'order-update/clean/waiting'],
      ['clean what failed', 'PUT', () => 'order-update/clean/failed'],
      ['remove the job', 'PUT', () => `order-update/${update}/clean`],
      ['write other data into it', 'PATCH', () => `order-update/${update}/update-data`],
      ['remove what it waits for', 'PUT', () => `order-update/${update}/remove-unprocessed-children`],
    ])('is left alone by an administrator who wants to %s', async (_, method, path) => {
      const response = await api.call(`${method} /queues/api/queues/${path()}`, { headers: admin, body: {} });
      expect([response.statusCode, response.json().detail]).toEqual([
        403,
        expect.stringMatching(/whatever their role/),
      ]);
      expect(await jobs()).toEqual([{ id: 'told-once', data: { v: 1, account: 'shop-1' } }]);
    });

    test('and every call of the board that removes jobs or changes them is one of these', () => {
      const refused = api.app.guarded
        .filter(({ access }) => access === 'nobody')
        .map(({ url }) => url.split('/').at(-1));
      const board = api.app.guarded.filter(({ method, url }) => method !== 'GET' && url.startsWith('/queues/'));
      const takingAway = /empty|obliterate|clean|update-data|remove-unprocessed/;
      expect(board.filter(({ url }) => takingAway.test(url))).toHaveLength(refused.length);
      expect(refused.length).toBe(6);
    });
  });
});

await describeOnRedis('what breaks in the queue dashboard', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
    await api.producer.close();
  });
  afterAll(() => api.close());

  test('is told without its message, and logged', async () => {
    const response = await api.call('GET /queues/api/queues', { headers: await api.person('viewer') });
    expect(response.statusCode).toBe(500);
    expect(response.json()).toEqual({ error: 'Something broke on our side; our log says what.' });
    expect(api.logged()).toContain('the queue dashboard failed');
  });
});
