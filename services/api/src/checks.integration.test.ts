/** The first administrator of the settings: whoever could guess the password would be one. */

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Checks, readConfig, SETTINGS } from '@lazada-sof/runtime';
import { loadChecks } from './checks.ts';

let checks: Checks<'console'>;
beforeAll(async () => {
  checks = await loadChecks();
});
const read = (CONSOLE_ADMIN?: string) => readConfig(['console'], { CONSOLE_ADMIN }, checks).console.admin;

test.each([
  ['a good one', 'admin:correct horse battery', { user: 'admin', password: 'correct horse battery' }],
  ['none', undefined, undefined],
])('%s is taken', (_, written, admin) => {
  expect(read(written)).toEqual(admin);
});

describe('is refused', () => {
  test.each([
    ['the example of the settings', SETTINGS.console.admin.example ?? '', /in place of the brackets/],
    ['nine characters', 'admin:change-me', /the password has 9 characters; at least 12/],
    ['eleven characters', 'admin:kX7-vQ2m_Lp', /the password has 11 characters/],
    ['one of the most common', 'admin:Password1234', /the password is among the most common/],
    ['the name itself', 'administrator-of-sof:Administrator-of-SOF', /the password is among the most common/],
    ['a name that nobody could be called', 'a/b:correct horse battery', /the user must be 1 to 100 letters/],
  ])('%s', (_, written, words) => {
    const mistake = (() => {
      try {
        read(written);
      } catch (error) {
        return String(error);
      }
      return '';
    })();
    expect(mistake).toMatch(/CONSOLE_ADMIN \(not shown\) cannot be used: /);
    expect(mistake).toMatch(words);
    expect(mistake).not.toContain(written.split(':')[1]);
  });

  test.each([undefined, 'development', 'production'])('78 at the start, with NODE_ENV %s', async (NODE_ENV) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('./main.ts', import.meta.url))], {
      env: {
        ...(NODE_ENV && { NODE_ENV }),
        CONSOLE_ADMIN: 'admin:change-me',
        DATABASE_URL: 'postgres://u:p@127.0.0.1:1/d',
        QUEUE_URL: 'redis://127.0.0.1:1',
        ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}`,
        SESSION_SECRET: '0123456789abcdef0123',
      },
      timeout: 30_000,
    });
    const [out, err, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
    expect(code).toBe(78);
    expect(out + err).toMatch(/^CONSOLE_ADMIN \(not shown\) cannot be used: the password has 9 characters/m);
  });
});
