/**
 * An account whose tokens have ended: parked with the way out, authorized from a terminal, and its orders go out. The code
 * of the seller's consent is in no log, job, event or row.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { openProducer } from '@lazada-sof/queue';
import { describeOnRedis } from '../src/servers/suites.ts';
import { openStage, type Stage } from './stage.ts';

const CLI = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));

await describeOnRedis('consent', () => {
  let stage: Stage;
  let sellerId = '';
  let numbers: string[] = [];
  let code = '';
  beforeAll(async () => {
    stage = await openStage({ queue: 'redis', services: ['simulator', 'scheduler', 'status-sync', 'tracking-fetch'] });
    ({ sellerId } = await stage.addAccount('shop-sg'));
  }, 60_000);
  afterAll(() => stage?.close(), 60_000);

  async function sof(args: string, input = '') {
    const child = spawn(process.execPath, [CLI, ...args.split(' ')], { env: { ...stage.system.env } });
    child.stdin.end(input);
    const closed = once(child, 'close') as Promise<[number | null]>;
    const [out, err, [exitCode]] = await Promise.all([text(child.stdout), text(child.stderr), closed]);
    return { exitCode, out, err };
  }
  const account = async () => (await stage.sql("select * from account.lazada where name = 'shop-sg'"))[0] ?? {};

  test('when its tokens have ended it is parked, and its orders wait; both name the command', async () => {
    await stage.lazada.post(`/control/accounts/${sellerId}/expire`, { tokens: ['access', 'refresh'] });
    numbers = await stage.addOrders({ account: 'shop-sg', items: 1, count: 3 });
    const parked = await until(
      async () => {
        const row = await account();
        return row.status === 'reauth_required' && row;
      },
      { what: 'the account is parked', withinMs: 15_000 },
    );
    expect(parked.status_reason).toContain('sof account authorize shop-sg');
    const { out } = await sof(`order explain shop-sg ${numbers[0]}`);
    expect(out).toMatch(/account_blocked: .*\n.*let the seller give consent again: sof account authorize shop-sg; /);
  }, 30_000);

  test('the seller consents, the operator gives the address back, and the waiting orders go out', async () => {
    const { out: link } = await sof('account authorize shop-sg --link');
    const back = await fetch(`${link.trim()}&as=${sellerId}`, { redirect: 'manual' });
    const address = back.headers.get('location') ?? '';
    code = new URL(address).searchParams.get('code') ?? '';
    const { exitCode, out } = await sof('account authorize shop-sg', address);
    expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringMatching(/^ok {3}consent: /) });
    for (const number of numbers) await stage.reaches(number, { state: 'shipped' }, 30_000);
    expect(await account()).toMatchObject({ status: 'active', status_reason: null, consent_code: null });
    const kinds = await stage.sql(
      "select kind, source from public.order_lazada_event where kind like 'account%' order by id",
    );
    expect(kinds).toEqual([
      { kind: 'account_parked', source: 'status-sync' },
      { kind: 'account_unparked', source: 'status-sync' },
    ]);
  }, 60_000);

  test('the code is in no log, no job, no event and no row', async () => {
    expect(code.length).toBeGreaterThan(8);
    const folder = join(stage.system.dir, 'logs');
    const logs = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8'));
    const { QUEUE_URL: url = '', QUEUE_PREFIX: prefix = '' } = stage.system.env;
    const producer = await openProducer({ url, prefix });
    const jobs = (
      await Promise.all(producer.queues().map((queue) => queue.getJobs(['completed', 'failed', 'waiting', 'delayed'])))
    ).flat();
    await producer.close();
    const checks = jobs.filter(({ name }) => name === 'check-account');
    expect(JSON.stringify(checks.map(({ returnvalue }) => returnvalue))).toContain('the seller consented for SG');
    const said = jobs.map(({ data, returnvalue, failedReason }) => JSON.stringify({ data, returnvalue, failedReason }));
    const rows = await stage.sql('select to_jsonb(e) as row from public.order_lazada_event e');
    const everything = [...logs, ...said, JSON.stringify(rows), JSON.stringify(await account())];
    expect(everything.filter((one) => one.includes(code))).toEqual([]);
  });
});
