import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestSimulator, type TestSimulator } from '@lazada-sof/testkit';
import { openCli, type Settings, type TestCli } from '../../cli.fixture.ts';
import { shopAtLazada } from '../../lazada.fixture.ts';

let cli: TestCli;
let simulator: TestSimulator;
let env: Settings;
beforeAll(async () => {
  [cli, simulator] = await Promise.all([openCli(), startTestSimulator()]);
  env = { LAZADA_REST_URL: `${simulator.url}/rest`, LAZADA_AUTH_URL: `${simulator.url}/rest`, SOFP_URL: simulator.url };
}, 30_000);
afterAll(() => Promise.all([cli.close(), simulator.close()]));

const shop = (name: string, columns: Record<string, unknown> = {}) => shopAtLazada({ cli, simulator }, name, columns);
const standing = (name: string) =>
  cli.database.sql('select status, status_reason from account.lazada where name = $1', [name]);
const accountEvents = (name: string) =>
  cli.database.sql(
    `select e.kind, e.source from public.order_lazada_event e join account.lazada a on a.id = e.account_id
      where a.name = $1 order by e.id`,
    [name],
  );

test('credentials that work: every check is told, the parked account goes on', async () => {
  const name = await shop('mended', { status: 'auth_failed', status_reason: 'login refused' });
  const { code, out } = await cli.sof(`account test ${name}`, { env });
  expect(code).toBe(0);
  expect(out).toMatch(
    /^ok {3}access_token: .*\nok {3}open_platform: .*\nok {3}sof_login: the SOF module accepts the user name and password\n$/,
  );
  expect(await standing(name)).toEqual([{ status: 'active', status_reason: null }]);
  expect(await accountEvents(name)).toContainEqual({ kind: 'account_unparked', source: 'cli' });
});

test('a wrong password: told with the way out, and the account is parked', async () => {
  const name = await shop('wrong', { sof_password: 'hush' });
  const { code, out, err } = await cli.sof(`account test ${name} --json`, { env });
  expect({ code, err }).toEqual({ code: 1, err: 'account wrong does not work\n' });
  expect(JSON.parse(out)).toEqual({
    ok: false,
    checks: [
      { check: 'access_token', ok: true, detail: expect.any(String) },
      { check: 'open_platform', ok: true, detail: expect.any(String) },
      { check: 'sof_login', ok: false, detail: expect.any(String), fix: expect.stringContaining('sof account set') },
    ],
  });
  expect(await standing(name)).toEqual([{ status: 'auth_failed', status_reason: expect.any(String) }]);
  expect(out).not.toContain('hush');
});

test('an app that Lazada does not let in: its words and what to do are told, and once mended there the account goes on', async () => {
  const name = await shop('not-let-in');
  const body = { code: 'AppWhiteIpLimit', message: 'source ip is not in the white list' };
  await simulator.fault({ api: 'lazada', path: '/orders/get', body, times: 1 });
  const { code, out } = await cli.sof(`account test ${name}`, { env });
  expect(code).toBe(1);
  expect(out).toMatch(/^FAIL open_platform: .*source ip is not in the white list.*IP whitelist/m);
  expect(await standing(name)).toEqual([
    { status: 'auth_failed', status_reason: expect.stringContaining('AppWhiteIpLimit') },
  ]);
  expect((await cli.sof(`account test ${name}`, { env })).code).toBe(0);
  expect(await standing(name)).toEqual([{ status: 'active', status_reason: null }]);
});

test('a SOF module that is not there says nothing of the password: the account stays as it is', async () => {
  const name = await shop('unreached');
  const { code, out } = await cli.sof(`account test ${name}`, { env: { ...env, SOFP_URL: 'http://127.0.0.1:1' } });
  expect(code).toBe(1);
  expect(out).toMatch(/^FAIL sof_login: .*no connection/m);
  expect(await standing(name)).toEqual([{ status: 'active', status_reason: null }]);
});

test('an empty refresh token: told with the way out, and the account goes on while its access token is good', async () => {
  const ends = new Date(Date.now() + 86_400_000);
  const name = await shop('lasting', { refresh_token: '', access_token_expires_at: ends });
  const { code, out, err } = await cli.sof(`account test ${name}`, { env });
  expect({ code, err }).toEqual({ code: 1, err: 'account lasting still works, and will not for long\n' });
  expect(out).toMatch(
    /^FAIL access_token: account lasting has no refresh token.* good until \d{4}-.*\n {5}let the seller/,
  );
  expect(await standing(name)).toEqual([{ status: 'active', status_reason: null }]);
});

test('driver dbs is not asked for a SOF login', async () => {
  const name = await shop('dbs', { sof_driver: 'dbs' });
  const { ok, checks } = await cli.json<{ ok: boolean; checks: { check: string }[] }>(`account test ${name}`, { env });
  expect({ ok, checks: checks.map(({ check }) => check) }).toEqual({
    ok: true,
    checks: ['access_token', 'open_platform'],
  });
});

test('an account that is not there', async () => {
  const { code, err } = await cli.sof('account test nobody', { env });
  expect({ code, err }).toEqual({
    code: 1,
    err: 'there is no account nobody; npm run sof -- account list shows them\n',
  });
});
