/** A job that failed for good is retried by an operator in the dashboard, and its order goes through once the cause is gone. */
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import got from 'got';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const OPERATOR = { user: 'ops', password: 'not-a-real-password' };

await describeOnRedis('a retry in the queue dashboard', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch', 'api'],
      env: { CONSOLE_ADMIN: `${OPERATOR.user}:${OPERATOR.password}` },
    });
    await stage.addAccount('demo-sg');
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  const signIn = async () => {
    const origin = stage.system.url('api');
    const { headers } = await got.post(`${origin}/session`, { json: OPERATOR, retry: { limit: 0 } });
    const cookie = (headers['set-cookie'] ?? []).map((one) => one.split(';')[0]).join('; ');
    return got.extend({ prefixUrl: `${origin}/queues/api`, headers: { cookie, origin }, retry: { limit: 0 } });
  };
  type Board = { queues: { name: string; jobs: { id: string; failedReason?: string; data: { force?: boolean } }[] }[] };

  test('of a job that failed for good tries the order again, and it goes through', async () => {
    await stage.lazada.post('/faults', {
      api: 'sof',
      path: 'sof/status',
      status: 400,
      body: { detail: 'required value missing' },
    });
    const [number = ''] = await stage.addOrders({ account: 'demo-sg', items: 1 });
    await stage.reaches(number, { blocked_step: 'shipped', state: 'ready_to_ship' });

    const board = await signIn();
    const failed = async () => {
      const { queues } = await board
        .get('queues?activeQueue=status-sync&status=failed&page=1&jobsPerPage=10')
        .json<Board>();
      return queues.find(({ name }) => name === 'status-sync')?.jobs[0];
    };
    const job = await until(failed, { what: 'the failed job is on the board', withinMs: 15_000 });
    expect(job.failedReason).toMatch(new RegExp(`^demo-sg/${number}: `));
    expect(job.data.force).toBe(true);

    await stage.lazada.remove('/faults');
    await board.put(`queues/status-sync/${job.id}/retry`);
    await stage.reaches(number, { state: 'shipped', blocked_step: null, last_error_code: null });
    expect(await stage.lazada.statuses(number)).toEqual([['shipped']]);
  }, 60_000);
});
