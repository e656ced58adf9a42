import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestSystem } from '@lazada-sof/testkit';
import { openCli, runSof, type TestCli } from '../../cli.fixture.ts';

let cli: TestCli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());

const make = (name: string, scopes: string) => cli.sof(`api-key create --name ${name} --scopes ${scopes}`);

test('a key opens the door as far as its scopes go, until it is revoked', async () => {
  const system = await startTestSystem({ services: ['api'], queue: 'postgres' });
  try {
    const { env } = system;
    const { code, out } = await runSof('api-key create --name host --scopes orders:read,imports:write --json', { env });
    const { key, ...rest } = JSON.parse(out) as { key: string };
    expect({ code, rest }).toEqual({ code: 0, rest: {} });
    const knock = async (path: string) =>
      (await fetch(`${system.url('api')}${path}`, { headers: { authorization: `Bearer ${key}` } })).status;
    expect([await knock('/v1/orders'), await knock('/v1/accounts')]).toEqual([200, 403]);
    expect(await runSof('api-key revoke host', { env })).toEqual({ code: 0, out: 'Revoked host.\n', err: '' });
    expect(await knock('/v1/orders')).toBe(401);
  } finally {
    await system.close();
  }
});

test('a key opens until its last day is over, and is replaced with an overlap; keys of accounts are another thing', async () => {
  const system = await startTestSystem({ services: ['api'], queue: 'postgres' });
  try {
    const { env } = system;
    const keyOf = async (args: string) =>
      JSON.parse((await runSof(`api-key ${args} --json`, { env })).out).key as string;
    const knock = async (key: string) =>
      (await fetch(`${system.url('api')}/v1/orders`, { headers: { authorization: `Bearer ${key}` } })).status;
    const today = new Date().toISOString().slice(0, 10);
    const old = await keyOf(`create --name host --scopes orders:read --expires ${today}`);
    const fresh = await keyOf('rotate host --overlap 1h');
    expect([await knock(old), await knock(fresh)]).toEqual([200, 200]);
    const { out } = await runSof('api-key list', { env });
    expect(out).toMatch(/^host +orders:read +replaced +\d{4}-\S+Z +\d{4}-\S+Z$/m);
    expect(out).toMatch(/^host +orders:read +works +\d{4}-\S+Z +\d{4}-\d\d-\d\dT00:00:00.000Z$/m);
    await system.sql('update public.api_key set expires_at = now() where replaced_at is not null');
    expect([await knock(old), await knock(fresh)]).toEqual([401, 200]);
    await system.sql('update public.api_key set expires_at = now()');
    expect(await knock(fresh)).toBe(401);
    expect((await runSof('api-key list', { env })).out).toMatch(/^host +orders:read +ended /m);
    const { code, err } = await runSof('api-key rotate host', { env });
    expect([code, err]).toEqual([1, expect.stringMatching(/^the key host has ended; .*--expires/)]);
    expect(await knock(await keyOf('rotate host --expires 2999-12-31'))).toBe(200);
  } finally {
    await system.close();
  }
});

test.each([
  [
    'a last day that is past',
    'create --name late --scopes admin --expires 2020-01-01',
    /--expires: 2020-01-01 is past/,
  ],
  ['no day', 'create --name late --scopes admin --expires soon', /--expires: soon is no day/],
  ['a last day of a new one that is past', 'rotate used --expires 2020-01-01', /--expires: 2020-01-01 is past/],
  ['no time', 'rotate used --overlap long', /--overlap: long is no time/],
])('%s is wrong use', async (_, args, words) => {
  const { code, out, err } = await cli.sof(`api-key ${args}`);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(words);
});

test('the key is printed once and only its hash is stored', async () => {
  const [key = '', warning] = (await make('once', 'admin')).out.split('\n');
  expect(warning).toBe('This is the only time that it is shown.');
  const [row] = await cli.database.sql<{ hash: string; whole: string }>(
    `select encode(key_sha256, 'hex') as hash, to_jsonb(k)::text as whole from public.api_key k where name = 'once'`,
  );
  expect(row?.hash).toBe(createHash('sha256').update(key).digest('hex'));
  for (const shown of [row?.whole, (await cli.sof('api-key list')).out, (await cli.sof('api-key list --json')).out])
    expect(shown).not.toContain(key.slice(4));
});

test('the list tells of every key what it opens and whether it works', async () => {
  await make('listed', 'orders:read,orders:write');
  await make('ended', 'admin');
  await cli.sof('api-key revoke ended --json');
  const { out } = await cli.sof('api-key list');
  expect(out).toMatch(/^listed +orders:read,orders:write +works +never used$/m);
  expect(out).toMatch(/^ended +admin +revoked +never used$/m);
  const time = expect.stringMatching(/^\d{4}-.*Z$/);
  const never = { lastUsedAt: null, expiresAt: null, replacedAt: null };
  const ended = { name: 'ended', scopes: ['admin'], createdAt: time, revokedAt: time, ...never };
  expect(await cli.json('api-key list')).toContainEqual(ended);
});

test('a scope that is named twice is given once', async () => {
  await make('twice', 'orders:read,orders:read');
  expect((await cli.sof('api-key list')).out).toMatch(/^twice +orders:read +works/m);
});

test.each<[what: string, args: string, words: RegExp]>([
  [
    'a name that is taken',
    'create --name used --scopes admin',
    /a key named used already; revoke it, or choose another/,
  ],
  ['a key that is not there to replace', 'rotate nobody', /no key nobody to replace; .*api-key list/],
  ['a key that is not there', 'revoke nobody', /no key nobody that still works; .*api-key list/],
])('refuses %s', async (_, args, words) => {
  await cli.sof('api-key create --name used --scopes admin');
  const { code, out, err } = await cli.sof(`api-key ${args}`);
  expect({ code, out }).toEqual({ code: 1, out: '' });
  expect(err).toMatch(words);
});
