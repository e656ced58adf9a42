import { describe, expect, test } from '@jest/globals';
import type { DatabaseStanding, MigrationStanding, RightsStanding } from '@lazada-sof/db';
import { databaseFindings } from './database.ts';
import type { Finding } from './finding.ts';

const NOON = new Date('2026-03-01T12:00:00Z');
const MIGRATIONS: MigrationStanding = { missing: [], begun: [], edited: [], unknown: [] };
const RIGHTS: RightsStanding = {
  login: 'sof_cli',
  isSuperuser: false,
  memberOf: ['lazada_sof_api', 'lazada_sof_services'],
  absentRoles: [],
  unusedRoles: [],
  missing: [],
  functionsRunAs: [],
};
const WELL: DatabaseStanding = {
  version: '18.1',
  versionNumber: 180_001,
  isDirect: true,
  isReadOnly: false,
  clock: { theirs: NOON, askedAt: NOON, answeredAt: NOON },
  migrations: MIGRATIONS,
  backfill: null,
  rights: RIGHTS,
};
const found = (standing: Partial<DatabaseStanding>) => databaseFindings({ ...WELL, ...standing });
const notWell = (findings: readonly Finding[]) => findings.filter(({ ok, warn }) => !ok || warn);

test('all is well', () => {
  expect(found({})).toEqual([
    { check: 'database', ok: true, detail: 'PostgreSQL 18.1, as sof_cli' },
    { check: 'clock (database)', ok: true, detail: expect.any(String) },
    { check: 'migrations', ok: true, detail: 'all of this version are applied' },
    { check: 'orders of before', ok: true, detail: expect.any(String) },
    {
      check: 'rights',
      ok: true,
      detail: 'sof_cli is a member of lazada_sof_api, lazada_sof_services, and may all that is needed',
    },
  ]);
});

test('a pooler is told, and nothing is wrong with it', () => {
  const findings = found({ isDirect: false });
  expect(findings[0]).toEqual({ check: 'database', ok: true, detail: 'PostgreSQL 18.1, through a pooler, as sof_cli' });
  expect(notWell(findings)).toEqual([]);
});

const migrations = (standing: Partial<MigrationStanding>) => ({ migrations: { ...MIGRATIONS, ...standing } });
const rights = (standing: Partial<RightsStanding>) => ({ rights: { ...RIGHTS, ...standing } });
const mayNot = (who: string, verb: string, ...columns: string[]) => ({ who, verb, on: 'public.orders', columns });

describe('red, with what to do', () => {
  test.each<[says: string, standing: Partial<DatabaseStanding>, check: string, detail: string, fix: string]>([
    ['an old server', { version: '13.9', versionNumber: 130_009 }, 'database', 'older than 14', '14 or newer'],
    ['a standby', { isReadOnly: true }, 'database', 'takes no writes', 'primary'],
    ['a missing migration', migrations({ missing: ['3_new'] }), 'migrations', 'not applied: 3_new', 'sof migrate'],
    [
      'one that was begun',
      migrations({ begun: ['3_new'] }),
      'migrations',
      'not ended: 3_new',
      'prisma migrate resolve',
    ],
    ['orders without rows', { backfill: 'about 41 %' }, 'orders of before', 'about 41 %', 'sof migrate'],
    [
      'a right of the login',
      rights({ missing: [mayNot('sof_cli', 'update', 'tool_status')] }),
      'rights',
      'it may not update public.orders (tool_status)',
      'grant lazada_sof_services, lazada_sof_api to sof_cli',
    ],
    [
      'a login of no role',
      rights({ memberOf: [], missing: [mayNot('sof_cli', 'select')] }),
      'rights',
      'sof_cli is a member of none of our roles; it may not select public.orders',
      'grant lazada_sof_services, lazada_sof_api to sof_cli',
    ],
    [
      'a login where there are no roles',
      rights({ memberOf: [], absentRoles: ['lazada_sof_services'], missing: [mayNot('sof_cli', 'select')] }),
      'rights',
      'may not select',
      'deploy/roles.sql',
    ],
    [
      'a right of a role',
      rights({ missing: [mayNot('lazada_sof_api', 'select'), mayNot('lazada_sof_services', 'update')] }),
      'rights',
      'lazada_sof_api may not select public.orders; lazada_sof_services may not update public.orders',
      'sof migrate grants',
    ],
  ])('%s', (_, standing, check, detail, fix) => {
    expect(notWell(found(standing))).toContainEqual({
      check,
      ok: false,
      detail: expect.stringContaining(detail),
      fix: expect.stringContaining(fix),
    });
  });

  test('the database’s clock', () => {
    const clock = { ...WELL.clock, theirs: new Date(NOON.getTime() - 90_000) };
    expect(notWell(found({ clock }))).toMatchObject([{ check: 'clock (database)', ok: false }]);
  });
});

describe('told, and not red', () => {
  test.each<[says: string, standing: Partial<DatabaseStanding>, detail: string]>([
    ['a ledger that may not be seen', { migrations: null }, 'may not see'],
    ['an edited migration', migrations({ edited: ['1_tables'] }), "another text than this version's: 1_tables"],
    ['a newer database', migrations({ unknown: ['9_later'] }), 'newer version: 9_later'],
    ['a superuser', rights({ isSuperuser: true }), 'sof_cli is a superuser'],
    ['no roles', rights({ absentRoles: ['lazada_sof_api'] }), 'not there: lazada_sof_api'],
    [
      'a role without a login',
      rights({ unusedRoles: ['lazada_sof_services'] }),
      'no login is a member of lazada_sof_services',
    ],
    ['triggers of a login', rights({ functionsRunAs: ['owner'] }), 'functions of ours run as owner'],
  ])('%s', (_, standing, detail) => {
    expect(notWell(found(standing))).toMatchObject([{ ok: true, warn: true, detail: expect.stringContaining(detail) }]);
  });
});

test('a role of a newer version alone is missing: to be made by itself, and no password anew', () => {
  expect(notWell(found(rights({ absentRoles: ['lazada_sof_retention'] })))).toMatchObject([
    {
      detail: 'roles that are not there: lazada_sof_retention',
      fix: 'an administrator runs: create role lazada_sof_retention nologin; then sof migrate, which says what else',
    },
  ]);
});

test('of a database that was never migrated only that is told, and the rights', () => {
  const findings = found({ ...migrations({ missing: ['1_tables'] }), backfill: undefined });
  expect(findings.map(({ check }) => check)).not.toContain('orders of before');
});

test('of many rights five are named', () => {
  const missing = Array.from({ length: 9 }, () => mayNot('sof_cli', 'select'));
  const [finding] = notWell(found(rights({ missing })));
  expect(finding?.detail.match(/select public\.orders/g)?.length).toBe(5);
  expect(finding?.detail).toMatch(/ and 4 more$/);
});
