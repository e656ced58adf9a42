import { describe, expect, test } from '@jest/globals';
import type { Role, Scope } from '@lazada-sof/db';
import { type Access, type Asker, whyForbidden } from './access.ts';

const key = (...scopes: Scope[]): Asker => ({ kind: 'key', name: 'host', scopes });
const person = (role: Role): Asker => ({ kind: 'person', name: 'ann', role });

describe('may', () => {
  test.each<[string, Asker, Exclude<Access, 'open'>]>([
    ['a key with the scope', key('orders:read'), 'orders:read'],
    ['a key with admin, whatever the scope', key('admin'), 'accounts:write'],
    ['a person whose role has the scope', person('viewer'), 'orders:read'],
    ['an operator retry a job', person('operator'), 'person:orders:write'],
    ['an administrator everything', person('admin'), 'person:admin'],
    ['any person what is for people', person('viewer'), 'person'],
  ])('%s', (_, asker, access) => expect(whyForbidden(asker, access)).toBeNull());
});

describe('may not, and is told why', () => {
  test.each<[string, Asker, Exclude<Access, 'open'>, RegExp]>([
    [
      'a key without the scope',
      key('orders:read'),
      'orders:write',
      /needs the scope orders:write; key host has orders:read/,
    ],
    ['a key without any', key(), 'orders:read', /key host has none/],
    ['a key what is for people, even with admin', key('admin'), 'person:admin', /people who signed in/],
    ['a viewer retry a job', person('viewer'), 'person:orders:write', /needs the scope orders:write; person ann/],
    ['a clerk set accounts', person('clerk'), 'accounts:write', /needs the scope accounts:write/],
    ['an operator stop a queue', person('operator'), 'person:admin', /needs the scope admin/],
    ['an administrator what nobody may', person('admin'), 'nobody', /whatever their role/],
    ['a key what nobody may, even with admin', key('admin'), 'nobody', /whatever their role/],
  ])('%s', (_, asker, access, why) => expect(whyForbidden(asker, access)).toMatch(why));
});
