import { describe, expect, test } from '@jest/globals';
import type { Role } from '@lazada-sof/db';
import { openSessions } from './session.ts';

const SECRET = 'a-secret-of-this-test';
const NOW = new Date('2026-03-01T08:00:00Z');
const hoursLater = (hours: number) => new Date(NOW.getTime() + hours * 3_600_000);

type Stored = { user: string; role: Role; expiresAt: Date };

/** Sessions on a store that tells what it was asked. */
function sessionsOn(signingKey = SECRET) {
  const stored = new Map<string, Stored>();
  const asked: string[] = [];
  const sessions = openSessions({
    secret: signingKey,
    store: {
      async sessionOf(secret, now) {
        asked.push(secret);
        const found = stored.get(secret);
        return found && found.expiresAt > now ? found : null;
      },
      async endSession(secret) {
        asked.push(secret);
        stored.delete(secret);
      },
    },
  });
  const signIn = (user: string, role: Role = 'operator') => {
    const { cookie, session } = sessions.prepare(NOW);
    stored.set(session.secret, { user, role, expiresAt: session.expiresAt });
    return cookie;
  };
  return { sessions, stored, asked, signIn };
}

test('a session names its user, with the role of now', async () => {
  const { sessions, stored, signIn } = sessionsOn();
  const cookie = signIn('ann');
  for (const session of stored.values()) session.role = 'admin';
  expect(await sessions.read(cookie, hoursLater(1))).toEqual({ name: 'ann', role: 'admin' });
});

test('a user name may hold any letter', async () => {
  const { sessions, signIn } = sessionsOn();
  expect(await sessions.read(signIn('Zoë. Ü'), NOW)).toEqual({ name: 'Zoë. Ü', role: 'operator' });
});

test('two sessions have nothing in common', () => {
  const { signIn } = sessionsOn();
  const [one, other] = [signIn('ann'), signIn('ann')].map((cookie) => cookie.split('.'));
  expect(one?.filter((part) => other?.includes(part))).toEqual([]);
});

test('there is no session after 12 hours', async () => {
  const { sessions, signIn } = sessionsOn();
  const cookie = signIn('ann');
  expect(await sessions.read(cookie, hoursLater(11.99))).not.toBeNull();
  expect(await sessions.read(cookie, hoursLater(12))).toBeNull();
});

test('there is no session after it was ended', async () => {
  const { sessions, signIn } = sessionsOn();
  const [cookie, other] = [signIn('ann'), signIn('ann')];
  await sessions.end(cookie);
  expect([await sessions.read(cookie, NOW), await sessions.read(other, NOW)]).toMatchObject([null, { name: 'ann' }]);
});

describe('no session is looked up, or ended, for', () => {
  const stranger = sessionsOn('another-secret-of-it').signIn('ann');
  test.each<[string, (ours: string) => string | undefined]>([
    ['no cookie', () => undefined],
    ['an empty one', () => ''],
    ['one of another form', () => 'x'],
    ['one of an earlier version', () => 'YW5u.1772352000000.AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'],
    ['one that was signed with another secret', () => stranger],
    ['a secret without its signature', (ours) => ours.split('.')[0]],
    ['a secret with half its signature', (ours) => ours.slice(0, -10)],
    ['a secret with its signature twice', (ours) => `${ours}.${ours.split('.')[1]}`],
    ['a secret of which one letter is another', (ours) => `${ours[0] === 'A' ? 'B' : 'A'}${ours.slice(1)}`],
    ['a signature of which one letter is another', (ours) => `${ours.slice(0, -1)}${ours.at(-1) === 'A' ? 'E' : 'A'}`],
    ["one's secret under another's signature", (ours) => `${ours.split('.')[0]}.${stranger.split('.')[1]}`],
    ['one with a letter behind it', (ours) => `${ours}A`],
    ['one with a line behind it', (ours) => `${ours}\n`],
    ['one with NUL in it', (ours) => ours.replace('.', '\u0000')],
    ['names of every object', () => '__proto__.constructor'],
    ['an endless one', () => `${'A'.repeat(1_000_000)}.${'A'.repeat(1_000_000)}`],
  ])('%s', async (_, forge) => {
    const { sessions, asked, signIn } = sessionsOn();
    const forged = forge(signIn('ann'));
    expect(await sessions.read(forged, NOW)).toBeNull();
    await sessions.end(forged);
    expect(asked).toEqual([]);
  });
});
