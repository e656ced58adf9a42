import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { describeOnRedis } from '@lazada-sof/testkit';
import { openApiForTest, PASSWORD, type TestApi } from './api.fixture.ts';
import { createFirstAdmin } from './first-admin.ts';

await describeOnRedis('the first administrator', () => {
  let api: TestApi;
  beforeAll(async () => {
    api = await openApiForTest();
  });
  afterAll(() => api.close());

  const admin = { user: 'boss', password: PASSWORD };
  const start = (audit: Pick<TestApi['db']['audit'], 'add'> = api.db.audit) =>
    createFirstAdmin({ admin, access: api.db.access, audit, log: api.log });
  const add = (name: string, role: 'admin' | 'viewer') => api.db.access.addUser({ name, password: PASSWORD, role });
  const made = async () => {
    const { items } = await api.db.audit.list({ limit: 100 });
    return items.filter(({ act }) => act === 'first administrator');
  };
  let before = 0;
  beforeEach(async () => {
    await api.database.sql('truncate console_user cascade');
    before = (await made()).length;
    api.logged();
  });
  const rows = async () => (await made()).length - before;

  test('is made where there is none, by however many processes that start, and the audit log tells it', async () => {
    await Promise.all([start(), start(), start()]);
    expect(await api.db.access.listUsers()).toEqual([{ name: 'boss', role: 'admin' }]);
    expect(await rows()).toBe(1);
    const by = { kind: 'command_line', name: 'service api' };
    expect((await made())[0]).toMatchObject({ by, thing: 'boss', status: 0 });
    expect(JSON.stringify(await made())).not.toContain(PASSWORD);
  });

  test('does not come back with the next start once another administrator removed them', async () => {
    await start();
    await add('other', 'admin');
    expect(await api.db.access.removeUser('boss')).toBe('removed');
    await start();
    expect(await api.db.access.listUsers()).toEqual([{ name: 'other', role: 'admin' }]);
    expect(await rows()).toBe(1);
  });

  test('is nobody who is there already with another role; the log says that there is none', async () => {
    await add('boss', 'viewer');
    await start();
    expect(await api.db.access.roleOf('boss')).toBe('viewer');
    expect(await rows()).toBe(0);
    expect(api.logged()).toContain('there is no administrator');
  });

  describe('where the audit log cannot be written', () => {
    test('is there all the same, and the log has the row', async () => {
      await start({ add: () => Promise.reject(new Error('away')) });
      expect(await api.db.access.roleOf('boss')).toBe('admin');
      expect(api.logged()).toMatch(/an act is not in the audit log.*first administrator/);
    });
  });
});
