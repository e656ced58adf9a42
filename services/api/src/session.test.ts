import { describe, expect, test } from '@jest/globals';
import type { Standing } from '@lazada-sof/db';
import { openSessions } from './session.ts';

const ANN: Standing = { role: 'operator', stamp: 'stamp-1' };
const NOW = new Date('2026-03-01T08:00:00Z');
const hoursLater = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

const sessionsOf = (users: Readonly<Record<string, Standing>>, secret = 'a-secret-of-this-test') =>
  openSessions({ secret, standingOf: async (user) => users[user] ?? null });

const cookie = (await sessionsOf({ ann: ANN }).issue('ann', NOW)) ?? '';

test('a session names its user, with the role of now', async () => {
  const promoted = sessionsOf({ ann: { ...ANN, role: 'admin' } });
  expect(await promoted.read(cookie, hoursLater(1))).toEqual({ name: 'ann', role: 'admin' });
});

test('a user name may hold any letter', async () => {
  const sessions = sessionsOf({ 'Zoë. Ü': ANN });
  const issued = await sessions.issue('Zoë. Ü', NOW);
  expect(await sessions.read(issued ?? '', NOW)).toEqual({ name: 'Zoë. Ü', role: 'operator' });
});

test('nobody gets a session for a user who is not there', async () => {
  expect(await sessionsOf({}).issue('ann', NOW)).toBeNull();
});

describe('there is no session', () => {
  const [name, ends, signature] = cookie.split('.');
  const users = { ann: ANN };
  test.each<[string, string | undefined, Readonly<Record<string, Standing>>, Date?, string?]>([
    ['without a cookie', undefined, users],
    ['for a cookie of another form', 'x', users],
    ['after 12 hours', cookie, users, hoursLater(12)],
    ['for a user who is gone', cookie, {}],
    ['after the password changed', cookie, { ann: { ...ANN, stamp: 'stamp-2' } }],
    ['signed with another secret', cookie, users, NOW, 'another-secret-of-it'],
    ['with a later end written in', `${name}.${Number(ends) + 1}.${signature}`, users],
    ['with another user written in', `${Buffer.from('bob').toString('base64url')}.${ends}.${signature}`, { bob: ANN }],
    ['with half a signature', `${name}.${ends}.${signature?.slice(0, 10)}`, users],
  ])('%s', async (_, given, standings, now = NOW, secret = 'a-secret-of-this-test') => {
    expect(await sessionsOf(standings, secret).read(given, now)).toBeNull();
  });
});
