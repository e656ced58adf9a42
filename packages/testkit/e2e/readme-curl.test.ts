/** The README's line of curl, as somebody pastes it into a shell. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openDb } from '@lazada-sof/db';
import { findProgram } from '@lazada-sof/local';
import { leaveOut } from '../src/servers/left-out.ts';
import { describeOnRedis } from '../src/servers/suites.ts';
import { startTestSystem, type TestSystem } from '../src/servers/test-system.ts';

const TITLE = 'the line of curl in the README';
const [LINE = ''] =
  /^curl .+\/status" .+$/m.exec(readFileSync(new URL('../../../README.md', import.meta.url), 'utf8')) ?? [];

function suite() {
  let system: TestSystem;
  let key = '';
  beforeAll(async () => {
    system = await startTestSystem({ queue: 'redis', services: ['api'] });
    const db = openDb({ url: system.databaseUrl, source: 'test' });
    key = (await db.access.createKey('scanner', ['orders:write'])) ?? '';
    await db.close();
    await system.sql(
      `with shop as (
         insert into account.lazada (name, country, delivery_type, sof_username, sof_password)
         values ('demo-sg', 'SG', 'sof', 'user', 'password') returning id)
       insert into public.orders (account_id, order_number) select id, '400100000214683' from shop`,
    );
  }, 60_000);
  afterAll(() => system?.close());

  const paste = async () => {
    const env = { ...process.env, SOF_URL: system.url('api'), SOF_API_KEY: key };
    const { stdout } = await promisify(execFile)('sh', ['-c', `${LINE} --silent`], { env });
    return JSON.parse(stdout);
  };

  test('tells that the order was delivered, and pasted again tells the same', async () => {
    const answer = await paste();
    expect(answer).toEqual({
      updateId: expect.stringMatching(/^\d+$/),
      order: '/v1/orders/demo-sg/400100000214683',
    });
    expect(await paste()).toEqual(answer);
    expect(
      await system.sql('select update_delivered, delivered_at from public.order_lazada where delivered_at is not null'),
    ).toEqual([{ update_delivered: 1, delivered_at: new Date('2026-03-14T07:09:26Z') }]);
    const told = await system.sql("select data ->> 'status' as status from order_lazada_event where kind = 'flag_set'");
    expect(told).toEqual([{ status: 'delivered' }]);
  });
}

if (findProgram('curl')) {
  await describeOnRedis(TITLE, suite);
} else {
  leaveOut({ what: TITLE, why: 'there is no curl', remedy: 'install it (sudo apt-get install curl)' });
  describe.skip(TITLE, suite);
}
