import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { lengthenPassword, readSecrets } from './state.ts';

let dir: string;
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'demo-state-'));
});
afterEach(() => rmSync(dir, { recursive: true }));

test('what is made stays, and is long enough for a person', () => {
  const made = readSecrets(dir);
  expect(made.password.length).toBeGreaterThanOrEqual(12);
  expect(lengthenPassword(dir)).toBeNull();
  expect(readSecrets(dir)).toEqual(made);
});

test('a short password of an earlier version is replaced by a longer one, and nothing else', () => {
  const earlier = { encryptionKeys: 'k', sessionSecret: 's', password: 'short678', apiKey: 'a' };
  writeFileSync(join(dir, 'secrets.json'), JSON.stringify(earlier));
  const password = lengthenPassword(dir);
  expect(password).toHaveLength(12);
  expect(JSON.parse(readFileSync(join(dir, 'secrets.json'), 'utf8'))).toEqual({ ...earlier, password });
});
