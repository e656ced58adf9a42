/** The whole command as an operator runs it, against real servers; each red line was red here. */
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import {
  describeOnOwnRedis,
  openScriptedServer,
  startScriptedFtp,
  startTestSimulator,
  type TestSimulator,
} from '@lazada-sof/testkit';
import { openCli, runSof, type Settings, type TestCli } from '../../cli.fixture.ts';
import { shopAtLazada } from '../../lazada.fixture.ts';
import type { Finding } from './finding.ts';

type Report = { ok: boolean; from: object; checks: readonly Finding[] };

await describeOnOwnRedis('sof doctor', (redisUrl, say) => {
  let cli: TestCli;
  let simulator: TestSimulator;
  let folder: string;
  let env: Settings;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'lazada-sof-doctor-'));
    [cli, simulator] = await Promise.all([openCli(), startTestSimulator()]);
    env = {
      QUEUE_URL: redisUrl,
      LAZADA_REST_URL: `${simulator.url}/rest`,
      LAZADA_AUTH_URL: `${simulator.url}/rest`,
      SOFP_URL: simulator.url,
      INVOICE_TARGET_URL: pathToFileURL(folder).href,
      // Drawing has its own suite.
      PDF_RENDERER: 'none',
    };
  }, 60_000);
  afterAll(async () => {
    await Promise.all([cli.close(), simulator.close()]);
    rmSync(folder, { recursive: true });
  });
  afterEach(() => cli.database.sql('truncate account.lazada cascade'));

  const shop = (name: string, columns: Record<string, unknown> = {}) => shopAtLazada({ cli, simulator }, name, columns);
  async function doctor(more: Settings = {}): Promise<{ code: number; report: Report; reds: readonly Finding[] }> {
    const { code, out } = await cli.sof('doctor --json', { env: { ...env, ...more } });
    const report = JSON.parse(out) as Report;
    const reds = report.checks.filter(({ ok }) => !ok);
    expect(reds.filter(({ fix }) => !fix)).toEqual([]);
    return { code, report, reds };
  }
  const accounts = () => cli.database.sql('select * from account.lazada order by id');
  const events = () => cli.database.sql('select * from public.order_lazada_event order by id');

  test('all is well: a line each, exit code 0, and nothing is changed or left anywhere', async () => {
    await shop('well', { access_token_expires_at: new Date(Date.now() + 3_600_000) });
    const before = [await accounts(), await events()];
    const { code, out, err } = await cli.sof('doctor', { env });
    expect({ code, err, red: out.match(/^FAIL.*/gm) }).toEqual({ code: 0, err: '', red: null });
    const lines = [
      /^looked from \S+.*lazada-sof \d+\.\d+\.\d+, Node 24/,
      /^ok {3}database: PostgreSQL \d+\.\d+, as sof_cli$/m,
      /^ok {3}clock \(database\): /m,
      /^ok {3}migrations: all of this version/m,
      /^ok {3}orders of before: /m,
      /^ok {3}rights: sof_cli is a member of lazada_sof_api, lazada_sof_services, and may all that is needed$/m,
      /^ok {3}queue: Redis \d+.* at redis:\/\/127\.0\.0\.1:\d+, without TLS$/m,
      /^ok {3}queue eviction: noeviction$/m,
      /^warn queue persistence: .*\n {5}set appendonly yes/m,
      /^ok {3}clock \(Lazada\): ours and that of 127\.0\.0\.1:\d+ agree/m,
      /^ok {3}account well: the access token ends .*and is renewed before; the Open Platform answers.*; the SOF module accepts/m,
      /^ok {3}invoice target: file:\/\/\/.* takes a file/m,
      /^warn renderer: PDF_RENDERER=none/m,
      /^All of \d+ are well\.$/m,
    ];
    for (const line of lines) expect(out).toMatch(line);
    expect([await accounts(), await events()]).toEqual(before);
    expect(readdirSync(folder)).toEqual([]);
  });

  test('for machines it is one document', async () => {
    const { code, report } = await doctor();
    expect(code).toBe(0);
    expect(report).toEqual({
      ok: true,
      from: {
        host: expect.any(String),
        container: expect.any(Boolean),
        userId: process.getuid?.() ?? null,
        version: expect.any(String),
        node: process.versions.node,
      },
      checks: expect.arrayContaining([{ check: 'queue eviction', ok: true, detail: 'noeviction' }]),
    });
  });

  test('a queue that would throw jobs away', async () => {
    try {
      await say('CONFIG', 'SET', 'maxmemory-policy', 'allkeys-lru');
      const { code, out, err } = await cli.sof('doctor', { env });
      expect({ code, err }).toEqual({ code: 1, err: expect.stringMatching(/^1 of \d+ are not well\n$/) });
      expect(out).toMatch(
        /^FAIL queue eviction: maxmemory-policy is allkeys-lru.*\n {5}set maxmemory-policy noeviction/m,
      );
    } finally {
      await say('CONFIG', 'SET', 'maxmemory-policy', 'noeviction');
    }
  });

  test('a migration that is missing, and a right', async () => {
    const last = '20261123080400_manifests_by_day';
    const [row] = await cli.database.sql<{ row: string }>(
      'delete from _prisma_migrations where migration_name = $1 returning to_json(_prisma_migrations)::text as row',
      [last],
    );
    await cli.database.sql('revoke insert on public.order_lazada_event from lazada_sof_services, lazada_sof_api');
    const { code, reds } = await doctor();
    expect(code).toBe(1);
    expect(reds).toMatchObject([
      { check: 'migrations', detail: `not applied: ${last}`, fix: expect.stringContaining('sof migrate') },
      {
        check: 'rights',
        detail: expect.stringContaining('it may not insert public.order_lazada_event'),
        fix: expect.any(String),
      },
      {
        check: 'rights',
        detail: expect.stringContaining('lazada_sof_services may not insert'),
        fix: expect.stringContaining('sof migrate'),
      },
    ]);
    await cli.database.sql(
      'insert into _prisma_migrations select (json_populate_record(null::_prisma_migrations, $1::json)).*',
      [row?.row],
    );
    await cli.database.sql('grant insert on public.order_lazada_event to lazada_sof_services, lazada_sof_api');
    expect((await doctor()).code).toBe(0);
  });

  test('a wrong SOF password is red, parks nobody, and is not shown; another account is looked at all the same', async () => {
    await shop('wrong', { sof_password: 'hush' });
    await shop('other');
    const before = await accounts();
    const { code, report, reds } = await doctor();
    expect(code).toBe(1);
    expect(reds).toMatchObject([
      { check: 'account wrong: sof_login', fix: expect.stringContaining('sof account set') },
    ]);
    expect(report.checks).toContainEqual(expect.objectContaining({ check: 'account other', ok: true }));
    expect(JSON.stringify(report)).not.toContain('hush');
    expect(await accounts()).toEqual(before);
  });

  test('of a parked account its reason is told, and nobody is asked', async () => {
    await shop('parked', { sof_password: 'hush', status: 'auth_failed', status_reason: 'login refused' });
    const { reds } = await doctor({
      SOFP_URL: 'http://127.0.0.1:1',
      LAZADA_REST_URL: 'http://127.0.0.1:1',
      LAZADA_AUTH_URL: `${simulator.url}/rest`,
    });
    expect(reds.filter(({ check }) => check.startsWith('account'))).toMatchObject([
      { check: 'account parked', detail: expect.stringContaining('parked (auth_failed: login refused)') },
    ]);
  });

  test('an access token that has ended is red and stays as it is; whoever could renew it is named', async () => {
    await shop('ended', { access_token_expires_at: new Date(Date.now() - 60_000) });
    const before = await accounts();
    const { reds } = await doctor();
    expect(reds).toMatchObject([
      { check: 'account ended: access_token', detail: expect.stringContaining('sof account test ended') },
    ]);
    expect(await accounts()).toEqual(before);
  });

  test('accounts that are disabled, or of another delivery, are not looked at', async () => {
    await shop('off', { enabled: false, sof_password: 'hush' });
    await shop('dropship', { delivery_type: 'dropship', sof_password: 'hush' });
    const { code, report } = await doctor();
    expect(code).toBe(0);
    expect(report.checks).toContainEqual({ check: 'accounts', ok: true, detail: expect.stringContaining('none of 2') });
  });

  test('a target that lets nobody write', async () => {
    const server = await startScriptedFtp({ answer: (command) => (command === 'STOR' ? '550 read-only' : undefined) });
    const { code, out } = await cli.sof('doctor', { env: { ...env, INVOICE_TARGET_URL: server.url.href } });
    await server.close();
    expect(code).toBe(1);
    expect(out).toMatch(/^FAIL invoice target: no file can be put there: .*read-only\n {5}mend what the target says/m);
    expect(out).not.toContain('hidden-in-every-message');
  });

  test('a clock that is off', async () => {
    const server = await openScriptedServer();
    const headers = { date: new Date(Date.now() + 600_000).toUTCString() };
    server.on('/rest', { status: 403, headers });
    const { code, reds } = await doctor({ LAZADA_REST_URL: `${server.url}/rest` });
    await server.close();
    expect(code).toBe(1);
    expect(reds).toMatchObject([
      {
        check: 'clock (Lazada)',
        detail: expect.stringMatching(/^ours is 10 min behind/),
        fix: expect.stringContaining('NTP'),
      },
    ]);
  });

  test('where nothing is there each says so by itself', async () => {
    const nowhere = 'http://127.0.0.1:1';
    const { code, report } = await doctor({
      DATABASE_URL: 'postgres://u:hush@127.0.0.1:1/d',
      QUEUE_URL: 'redis://:hush@127.0.0.1:1',
      LAZADA_REST_URL: nowhere,
      LAZADA_AUTH_URL: nowhere,
      SOFP_URL: nowhere,
      INVOICE_TARGET_URL: 'ftp://u:hush@127.0.0.1:1/in',
    });
    expect(code).toBe(1);
    expect(report.checks.map(({ check, ok }) => [check, ok])).toEqual([
      ['database', false],
      ['queue', false],
      ['clock (Lazada)', false],
      ['keys', false],
      ['accounts', false],
      ['invoice target', false],
      ['renderer', true],
    ]);
    expect(JSON.stringify(report)).not.toContain('hush');
  });
});

test('settings that are left out are told by what that means, and end with 78', async () => {
  const { code, out, err } = await runSof('doctor', {
    env: { PDF_RENDERER: 'none', LAZADA_AUTH_URL: 'http://127.0.0.1:1' },
  });
  expect(code).toBe(78);
  for (const [check, setting] of [
    ['database', 'DATABASE_URL'],
    ['queue', 'QUEUE_URL'],
    ['accounts', 'ENCRYPTION_KEYS'],
  ])
    expect(out).toMatch(new RegExp(`^FAIL ${check}: not set \\(${setting}\\): .*\\n {5}set ${setting}`, 'm'));
  expect(err).toMatch(/^DATABASE_URL is missing: .*\nQUEUE_URL is missing: .*\nENCRYPTION_KEYS is missing: /m);
  expect(out).toMatch(/^ok {3}invoice target: not set \(INVOICE_TARGET_URL\)/m);
});

test('wrong settings are exit code 78, a line each, without the secret', async () => {
  const env = {
    DATABASE_URL: 'mysql://u:hush@h/d',
    QUEUE_URL: 'http://:hush@h',
    INVOICE_TARGET_URL: 'file:///x?proxy=hush',
    INVOICE_PATH_TEMPLATE: '{country}.txt',
    PDF_RENDERER: 'word',
  };
  const { code, out, err } = await runSof('doctor', { env });
  expect({ code, out }).toEqual({ code: 78, out: '' });
  expect(
    err
      .trimEnd()
      .split('\n')
      .map((line) => line.split(/[ =]/)[0]),
  ).toEqual(Object.keys(env));
  expect(err).not.toContain('hush');
});

test('its help shows how it is used and what its exit codes mean', async () => {
  const { code, out } = await runSof('doctor --help');
  expect(code).toBe(0);
  for (const words of ['sof doctor --json', 'Exit codes: 0', '78 a setting is wrong', 'changes nothing'])
    expect(out).toContain(words);
});

test('Ctrl-C while a file is put on the target: it is removed all the same', async () => {
  const isPut = Promise.withResolvers<void>();
  const answer = (asked: string) => {
    if (asked === 'STOR') isPut.resolve();
    return undefined;
  };
  // Whoever never answers is what the others would be waited for with.
  const silent = createServer().listen(0, '127.0.0.1');
  await once(silent, 'listening');
  const ftp = await startScriptedFtp({ answer });
  try {
    const env = {
      INVOICE_TARGET_URL: ftp.url.href,
      LAZADA_REST_URL: `http://127.0.0.1:${(silent.address() as AddressInfo).port}/rest`,
      PDF_RENDERER: 'none',
    };
    const { code, err } = await runSof('doctor', { env, interruptAfter: () => isPut.promise });
    expect({ code, err }).toEqual({ code: 130, err: 'interrupted\n' });
    expect([ftp.files.tree(), ftp.asked.some((line) => line.startsWith('DELE '))]).toEqual([{}, true]);
  } finally {
    silent.close();
    await ftp.close();
  }
}, 60_000);
