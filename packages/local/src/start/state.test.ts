import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { lengthenPassword, readSecrets } from './state.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'demo-state-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('what is made stays, and is long enough for a person', async () => {
  const made = readSecrets(dir);
  expect(made.password.length).toBeGreaterThanOrEqual(12);
  await lengthenPassword(dir, async () => {
    throw new Error('nothing to change');
  });
  expect(readSecrets(dir)).toEqual(made);
});

describe('a short password of an earlier version', () => {
  const earlier = { encryptionKeys: 'k', sessionSecret: 's', password: 'short678', apiKey: 'a' };
  const kept = () => JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8'));
  beforeEach(() => writeFileSync(join(dir, 'secrets.json'), JSON.stringify(earlier)));

  test('is replaced by a longer one, and nothing else, once the database has it', async () => {
    const seen: object[] = [];
    await lengthenPassword(dir, async (password) => void seen.push({ password, kept: kept() }));
    const { password } = readSecrets(dir);
    expect(password).toHaveLength(12);
    expect([seen, kept()]).toEqual([[{ password, kept: earlier }], { ...earlier, password }]);
  });

  test('stays for the next start to replace, where a start ended before the database had another', async () => {
    await expect(lengthenPassword(dir, () => Promise.reject(new Error('Ctrl-C')))).rejects.toThrow('Ctrl-C');
    expect(kept()).toEqual(earlier);
  });
});
