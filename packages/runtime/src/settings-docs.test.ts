import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { SETTINGS, type SliceName, settingsOf } from './settings.ts';
import { envExample, settingsPage } from './settings-docs.ts';

const committed = (path: string) => readFileSync(new URL(`../../../${path}`, import.meta.url), 'utf8');
const all = settingsOf(Object.keys(SETTINGS) as SliceName[]);

// Where one fails: node packages/runtime/src/write-settings-docs.ts writes both files anew.
test('docs/settings.md says what the table of settings says', () => {
  expect(committed('docs/settings.md')).toBe(settingsPage());
});

test('.env.example says what the table of settings says', () => {
  expect(committed('.env.example')).toBe(envExample());
});

test('every default can be read', () => {
  const unreadable = all.filter((one) => one.default !== undefined && !one.type.safeParse(one.default).success);
  expect(unreadable.map((one) => one.name)).toEqual([]);
});

test('every required setting has an example for the message about its absence', () => {
  expect(all.filter((one) => one.required && !one.example)).toEqual([]);
});

test('an active line of .env.example is a required setting, and every other one is a comment', () => {
  const active = envExample().match(/^[A-Z_]+(?==)/gm);
  expect(active).toEqual(all.filter((one) => one.required).map((one) => one.name));
});
