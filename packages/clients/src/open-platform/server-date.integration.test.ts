import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openScriptedServer, type ScriptedServer } from '@lazada-sof/testkit';
import { readServerDate } from './server-date.ts';

let server: ScriptedServer;
beforeAll(async () => {
  server = await openScriptedServer();
});
afterAll(() => server.close());

test.each<[says: string, headers: Record<string, string>, theirs: string | null]>([
  ['the time', { date: 'Sun, 01 Mar 2026 12:00:00 GMT' }, '2026-03-01T12:00:00.000Z'],
  [
    'an answer of a cache, and how old it is',
    { date: 'Sun, 01 Mar 2026 12:00:00 GMT', age: '90' },
    '2026-03-01T12:01:30.000Z',
  ],
  ['an age that is none', { date: 'Sun, 01 Mar 2026 12:00:00 GMT', age: 'old' }, '2026-03-01T12:00:00.000Z'],
  ['a time that is none', { date: 'today' }, null],
])('%s, whatever the answer is', async (_, headers, theirs) => {
  server.on('/rest', { status: 403, headers, body: { code: 'MissingParameter' } });
  const read = await readServerDate(`${server.url}/rest`);
  expect(read.theirs?.toISOString() ?? null).toBe(theirs);
  expect(read.answeredAt.getTime()).toBeGreaterThanOrEqual(read.askedAt.getTime());
});

test('a cache on the way is asked to ask anew', async () => {
  await readServerDate(`${server.url}/rest`);
  expect(server.asked.at(-1)?.headers['cache-control']).toBe('no-cache');
});

test('nobody there', async () => {
  await expect(readServerDate('http://127.0.0.1:1/rest')).rejects.toMatchObject({ name: 'NoConnectionError' });
});
