/** `sof rotate-keys` as an operator runs it: as the command line's login, on accounts of every kind. */
import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { until } from '@lazada-sof/testkit';
import { openCli, type Settings, type TestCli } from '../../cli.fixture.ts';

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`;
const [OLD, YOUNG] = [key('old'), key('young')];
const BOTH = { ENCRYPTION_KEYS: `${YOUNG},${OLD}` };
const SECRETS = ['app_secret', 'access_token', 'refresh_token', 'sof_password', 'sof_token', 'consent_code'];

let cli: TestCli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());
afterEach(() => cli.database.sql('truncate account.lazada cascade'));

const PLAIN = { app_key: 'key', ...Object.fromEntries(SECRETS.map((column) => [column, `canary-${column}`])) };
const KINDS = [
  PLAIN,
  { ...PLAIN, enabled: false },
  { ...PLAIN, status: 'auth_failed', status_reason: 'the password was wrong' },
  { ...PLAIN, delivery_type: 'pickup', enabled: false },
];
const rotate = (env: Settings, args = '') => cli.sof(`rotate-keys ${args}`, { env });
const rows = () => cli.database.sql<Record<string, unknown>>('select * from account.lazada order by id');
const without = (row: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(row).filter(([column]) => !SECRETS.includes(column)));
const sealedBy = (id: string) => Object.fromEntries(SECRETS.map((one) => [one, expect.stringMatching(`^enc:${id}:`)]));

test('every secret of every account is sealed with the first key, and nothing else changes', async () => {
  for (const kind of KINDS) await cli.shop(kind);
  expect(await rotate({ ENCRYPTION_KEYS: OLD })).toEqual({
    code: 0,
    out: 'The secrets of 4 accounts were sealed with key old; all of all accounts are now.\n',
    err: '',
  });
  // Since then the host has written one more, plain.
  await cli.shop(PLAIN);
  const before = await rows();
  const { code, out, err } = await rotate(BOTH);
  expect({ code, err }).toEqual({ code: 0, err: '' });
  expect(out).toMatch(
    /^The secrets of 5 accounts were sealed with key young.*\nNothing needs old any more: .*restart\.\n$/,
  );
  const after = await rows();
  expect(after.map(without)).toEqual(before.map(without));
  for (const row of after) expect(row).toMatchObject(sealedBy('young'));
  expect(await cli.database.sql('select from order_lazada_event')).toEqual([]);

  const alone = await rotate({ ENCRYPTION_KEYS: YOUNG });
  expect(alone).toEqual({ code: 0, out: 'All secrets of all accounts are sealed with key young already.\n', err: '' });
  expect(await rows()).toEqual(after);
}, 60_000);

test('for machines: one document, without a secret', async () => {
  await cli.shop(PLAIN);
  const { code, out } = await rotate({ ENCRYPTION_KEYS: YOUNG }, '--json');
  expect([code, JSON.parse(out)]).toEqual([0, { key: 'young', sealed: 1, left: [], interrupted: false }]);
});

test('without the key that sealed them it fails, says which, and changes nothing', async () => {
  const shop = await cli.shop(PLAIN);
  await rotate({ ENCRYPTION_KEYS: OLD });
  const before = await rows();
  const { code, out, err } = await rotate({ ENCRYPTION_KEYS: YOUNG });
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(
    new RegExp(`^1 account could not be sealed with key young .*keep all keys.*\n {2}${shop}: .*with key old`),
  );
  const json = JSON.parse((await rotate({ ENCRYPTION_KEYS: YOUNG }, '--json')).out);
  expect(json).toMatchObject({ sealed: 0, left: [{ account: shop, reasons: expect.any(Array) }] });
  expect(await rows()).toEqual(before);
}, 30_000);

test('a key of the same name with other bytes fails in a line for each secret, and changes nothing', async () => {
  await cli.shop({ sof_password: 'canary' });
  await rotate({ ENCRYPTION_KEYS: OLD });
  const before = await rows();
  const { code, err } = await rotate({ ENCRYPTION_KEYS: `${YOUNG},${key('old')}` });
  expect([code, err]).toEqual([1, expect.stringMatching(/sof_password .*key old is not the one that sealed it/)]);
  expect(err).not.toMatch(/canary|\n\s+at /);
  expect(await rows()).toEqual(before);
}, 30_000);

test('Ctrl-C while a row is held: what was sealed stays, and the same command goes on', async () => {
  const [free, held] = [await cli.shop(PLAIN), await cli.shop(PLAIN)];
  const isSealed = async () =>
    (await cli.database.sql("select from account.lazada where app_secret like 'enc:%'")).length > 0;
  const letGo = await hold(held);
  const interruptAfter = () => until(isSealed, { what: 'the first is sealed', withinMs: 20_000 });
  const { code, err } = await cli.sof('rotate-keys', { env: BOTH, interruptAfter });
  expect([code, err]).toEqual([
    130,
    expect.stringMatching(/^interrupted: 1 account sealed .*keep all keys; the same command/),
  ]);
  await letGo();
  expect(
    (await rows()).filter(({ app_secret }) => String(app_secret).startsWith('enc:')).map(({ name }) => name),
  ).toEqual([free]);
  expect(await rotate(BOTH)).toMatchObject({ code: 0, out: expect.stringMatching(/^The secrets of 1 account were/) });
}, 60_000);

/** The host's transaction on this account's row. Answers how it ends. */
async function hold(name: string): Promise<() => Promise<unknown>> {
  const { sql } = cli.database;
  const holding = sql(`do $$ begin
    perform from account.lazada where name = '${name}' for update;
    while not exists (select from import_file where file_name = 'let go') loop perform pg_sleep(0.01); end loop;
  end $$`);
  const isHeld = async () =>
    (await sql('select from account.lazada where name = $1 for update skip locked', [name])).length === 0;
  await until(isHeld, { what: 'the row is held', withinMs: 20_000 });
  return async () => {
    await sql("insert into import_file (file_name, sha256, bytes, source) values ('let go', '', 0, 'test')");
    await holding;
  };
}
