/**
 * The keys of secrets, while everything runs: a new one takes the place of the old as `docs/operations.md` walks through it, under
 * load, with tokens that end every few seconds. And what a host writes plain is sealed, whatever account it is of.
 */
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/local';
import { describeOnRedis } from '../src/servers/suites.ts';
import { ORDER_SERVICES, openStage, type Stage } from './stage.ts';

const SOF = fileURLToPath(new URL('../../cli/src/main.ts', import.meta.url));
const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, YOUNG] = [key('old'), key('young')];
const SHOPS = ['demo-sg', 'demo-my', 'demo-th'];
/** Those of services that are given keys; the others go on all the time. */
const WITH_KEYS = ['status-sync', 'tracking-fetch', 'invoice-fetch', 'api'];
const SECRETS = ['app_secret', 'access_token', 'refresh_token', 'sof_password', 'sof_token', 'consent_code'];

await describeOnRedis('the keys of secrets', () => {
  let stage: Stage;
  beforeAll(async () => {
    stage = await openStage({
      queue: 'redis',
      services: [...ORDER_SERVICES, 'api'],
      counts: { 'status-sync': 2 },
      env: { ENCRYPTION_KEYS: OLD, PDF_RENDERER: 'none' },
    });
    const lifetimes = { accessSeconds: 4, sofSeconds: 3 };
    for (const name of SHOPS) await stage.addAccount(name, {}, { lifetimes });
  }, 120_000);
  afterAll(() => stage?.close(), 60_000);

  const columnsOf = (name: string) => stage.sql(`select ${SECRETS} from account.lazada where name = $1`, [name]);
  const plainOf = async (name: string) =>
    Object.values((await columnsOf(name))[0] ?? {}).filter(
      (value) => value !== null && !String(value).startsWith('enc:'),
    );

  test.each<[what: string, columns: Record<string, unknown>]>([
    ['a disabled account', { enabled: false, status: 'active' }],
    ['a parked one', { status: 'auth_failed', status_reason: 'the password was wrong', sof_driver: 'dbs' }],
    ['one that nobody is told of', { delivery_type: 'pickup', enabled: false }],
  ])(
    'what a host writes plain of %s is sealed within a minute, and changes nothing else',
    async (what, columns) => {
      await stage.addAccount(what, columns);
      const before = await stage.sql('select status, enabled, status_reason from account.lazada where name = $1', [
        what,
      ]);
      await until(async () => (await plainOf(what)).length === 0, { what: `${what} is sealed`, withinMs: 60_000 });
      const after = await stage.sql('select status, enabled, status_reason from account.lazada where name = $1', [
        what,
      ]);
      expect(after).toEqual(before);
      expect(
        await stage.sql(
          'select from order_lazada_event where account_id = (select id from account.lazada where name = $1)',
          [what],
        ),
      ).toEqual([]);
    },
    90_000,
  );

  async function restartAll(ENCRYPTION_KEYS: string): Promise<void> {
    for (const worker of stage.system.workers.filter(({ service }) => WITH_KEYS.includes(service))) {
      expect(await worker.stop()).toMatchObject({ code: 0 });
      await worker.start({ ENCRYPTION_KEYS });
    }
  }

  async function rotateKeys(ENCRYPTION_KEYS: string) {
    const child = spawn(process.execPath, [SOF, 'rotate-keys', '--json'], {
      env: { ...stage.system.env, ENCRYPTION_KEYS },
      timeout: 120_000,
    });
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    return { answer: JSON.parse(out), err };
  }

  /** Orders that come and are delivered, until it is told to end. Answers their numbers. */
  function load() {
    let isOver = false;
    const running = (async () => {
      const numbers: string[] = [];
      const delivered = new Set<string>();
      for (let round = 0; !isOver; round++) {
        const account = SHOPS[round % SHOPS.length] ?? '';
        numbers.push(...(await stage.addOrders({ account, items: 1 })));
        for (const number of numbers.slice(0, -6)) {
          if (delivered.has(number)) continue;
          delivered.add(number);
          await stage.deliver(number);
        }
        await sleep(150);
      }
      for (const number of numbers) if (!delivered.has(number)) await stage.deliver(number);
      return numbers;
    })();
    return () => {
      isOver = true;
      return running;
    };
  }

  test('a new key takes the place of the old one while orders come and tokens end: no error, no token lost', async () => {
    const renewals = async () => (await stage.lazada.counts()).calls['/auth/token/refresh'] ?? 0;
    const before = await renewals();
    const end = load();
    await restartAll(`${OLD},${YOUNG}`);
    await restartAll(`${YOUNG},${OLD}`);
    const { answer, err } = await rotateKeys(`${YOUNG},${OLD}`);
    expect({ answer, err }).toEqual({
      answer: { key: 'young', sealed: expect.any(Number), left: [], interrupted: false },
      err: '',
    });
    expect(answer.sealed).toBeGreaterThan(0);
    await restartAll(YOUNG);
    const orders = await end();
    expect(orders.length).toBeGreaterThan(50);
    for (const number of orders) await stage.reaches(number, { state: 'delivered' }, 60_000);

    expect((await renewals()) - before).toBeGreaterThan(5);
    expect((await stage.lazada.counts()).duplicates).toBe(0);
    const events =
      "select data from order_lazada_event where kind in ('account_parked', 'account_unparked', 'blocked')";
    expect(await stage.sql(events)).toEqual([]);
    const errors = stage.system.workers.flatMap(({ service, log }) =>
      log
        .lines()
        .filter(({ level }) => level === 'error')
        .map((line) => ({ service, ...line })),
    );
    expect(errors).toEqual([]);
    const names = await stage.sql('select name from account.lazada');
    for (const { name } of names)
      for (const value of Object.values((await columnsOf(String(name)))[0] ?? {}))
        if (value !== null) expect(value).toMatch(/^enc:young:/);
  }, 300_000);
});
