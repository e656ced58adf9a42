import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startTestSystem } from '@lazada-sof/testkit';
import { openCli, runSof, type TestCli } from '../../cli.fixture.ts';

const PASSWORD = 'correct horse battery';

let cli: TestCli;
beforeAll(async () => {
  cli = await openCli();
});
afterAll(() => cli.close());
beforeEach(() => cli.database.sql('delete from public.console_user'));

const add = (name: string, role: string, input = `${PASSWORD}\n`) =>
  cli.sof(`user add ${name} --role ${role}`, { input });

test('who lost the last administrator gets in by the command line, and the log says so', async () => {
  const system = await startTestSystem({ services: ['api'], queue: 'postgres' });
  try {
    const { level } = await system
      .worker('api')
      .log.find(({ message = '' }) => /^there is no administrator: .*user add/.test(message));
    expect(level).toBe('warn');
    const { env } = system;
    const signIn = async (password: string) => {
      const response = await fetch(`${system.url('api')}/session`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ user: 'ann', password }),
      });
      return { status: response.status, cookie: response.headers.getSetCookie()[0]?.split(';')[0] ?? '' };
    };
    const who = async (cookie: string) => {
      const response = await fetch(`${system.url('api')}/session`, { headers: { cookie } });
      return response.ok ? response.json() : response.status;
    };
    expect((await runSof('user add ann --role admin', { env, input: PASSWORD })).code).toBe(0);
    const { cookie } = await signIn(PASSWORD);
    expect(await who(cookie)).toEqual({ user: 'ann', role: 'admin' });
    expect((await runSof('user passwd ann', { env, input: 'another good one\n' })).code).toBe(0);
    expect([await who(cookie), (await signIn(PASSWORD)).status]).toEqual([401, 401]);
    expect((await signIn('another good one')).status).toBe(204);
  } finally {
    await system.close();
  }
});

test('a person is added, listed, given another role, and removed', async () => {
  expect(await add('ann', 'admin')).toEqual({ code: 0, out: 'Added ann, admin.\n', err: '' });
  expect(await cli.json('user add bob --role clerk', { input: PASSWORD })).toEqual({ name: 'bob', role: 'clerk' });
  expect((await cli.sof('user list')).out).toBe('NAME  ROLE\nann   admin\nbob   clerk\n');
  expect(await cli.json('user role bob --role viewer')).toEqual({ name: 'bob', role: 'viewer' });
  expect(await cli.json('user list')).toEqual([
    { name: 'ann', role: 'admin' },
    { name: 'bob', role: 'viewer' },
  ]);
  expect((await cli.sof('user remove bob')).code).toBe(0);
  expect(await cli.json('user list')).toEqual([{ name: 'ann', role: 'admin' }]);
});

describe('nothing happens, and it is 1', () => {
  beforeEach(async () => {
    await cli.database.sql("insert into public.console_user (name, password_hash, role) values ('ann', 'x', 'admin')");
  });

  test.each<[what: string, args: string, input: string, words: RegExp]>([
    ['a name that there is', 'add ann --role clerk', PASSWORD, /^there is a person ann already/],
    ['a name that is none', 'add a/b --role clerk', PASSWORD, /^<name> must be 1 to 100 letters/],
    ['a short password', 'add bob --role clerk', 'kX7-vQ2m_Lp\n', /^the password has 11 characters/],
    ['a common one', 'add bob --role clerk', 'qwertyuiop123\n', /^the password is among the most common/],
    ['none', 'add bob --role clerk', '', /^no password came on standard input/],
    ['two lines', 'add bob --role clerk', `${PASSWORD}\n${PASSWORD}\n`, /^standard input holds more than one line/],
    ['a short new password', 'passwd ann', 'short', /^the password has 5 characters/],
    ['the password of nobody', 'passwd ghost', PASSWORD, /^there is no person ghost/],
    ['the role of nobody', 'role ghost --role viewer', '', /^there is no person ghost/],
    ['nobody removed', 'remove ghost', '', /^there is no person ghost/],
    ['the last administrator’s role', 'role ann --role operator', '', /^ann is the last administrator/],
    ['the last administrator removed', 'remove ann', '', /^ann is the last administrator/],
  ])('%s', async (_, args, input, words) => {
    const { code, out, err } = await cli.sof(`user ${args}`, { input });
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(words);
    expect(await cli.database.sql('select name, password_hash, role from public.console_user')).toEqual([
      { name: 'ann', password_hash: 'x', role: 'admin' },
    ]);
  });

  test.each([
    ['a role that there is not', 'role ann --role root', /--role: root is no role; write one of: viewer, clerk/],
    ['no role', 'add bob', /--role: is missing/],
  ])('%s: 2, before a password is read', async (_, args, words) => {
    const { code, err } = await cli.sof(`user ${args}`);
    expect(code).toBe(2);
    expect(err).toMatch(words);
  });
});

describe('the audit log', () => {
  const written = () =>
    cli.database.sql('select actor_kind, actor, address, act, thing, status from public.audit_log order by id');
  const by = { actor_kind: 'command_line', actor: expect.any(String), address: expect.any(String) };

  test('has what was done at the command line and how it ended, but no password, nothing that was only looked at or not begun', async () => {
    const before = (await written()).length;
    await add('ann', 'admin');
    await cli.sof('user remove ann');
    await cli.sof('user list');
    await cli.sof('user role ann --role root');
    await cli.sof('api-key create --name warehouse --scopes admin');
    expect((await written()).slice(before)).toEqual([
      { ...by, act: 'user add', thing: 'ann', status: 0 },
      { ...by, act: 'user remove', thing: 'ann', status: 1 },
      { ...by, act: 'api-key create', thing: 'warehouse', status: 0 },
    ]);
    expect(JSON.stringify(await cli.database.sql('select * from public.audit_log'))).not.toContain(PASSWORD);
  });

  test('that cannot be written is told, and what was done stays', async () => {
    await cli.database.sql('alter table public.audit_log rename to audit_log_away');
    const { code, out, err } = await add('ann', 'admin');
    await cli.database.sql('alter table public.audit_log_away rename to audit_log');
    expect({ code, out }).toEqual({ code: 0, out: 'Added ann, admin.\n' });
    expect(err).toMatch(/^this is not in the audit log: .+/);
    expect(await cli.json('user list')).toHaveLength(1);
  });
});
