import { describe, expect, test } from '@jest/globals';
import { Problem } from '../problem.ts';
import { openGate, UNKNOWN_PER_MINUTE } from './gate.ts';

const NETWORK = '203.0.113.7';

/** A gate before a database that tells what it was asked, answers when it is told to, and has these keys. */
function gateBefore(...keys: string[]) {
  const clock = { ms: 5_000_000 };
  const gate = openGate(() => clock.ms);
  const works = new Set(keys);
  const asked: string[] = [];
  const find = async (credential: string) => {
    asked.push(credential);
    await new Promise(setImmediate);
    return works.has(credential) ? `owner of ${credential}` : null;
  };
  const statusOf = (error: unknown) => (error instanceof Problem ? error.status : error);
  const enter = (credential: string | null, network = NETWORK) =>
    gate.enter({ network, credential, find }).then(({ who }) => who ?? 'nobody', statusOf);
  const many = async (times: number, credential: (n: number) => string | null, network?: string) => {
    const answers = await Promise.all(Array.from({ length: times }, (_, n) => enter(credential(n), network)));
    return Object.fromEntries([...new Set(answers)].map((one) => [one, answers.filter((it) => it === one).length]));
  };
  return { clock, gate, works, asked, enter, many };
}

describe('of those that bring nothing that works', () => {
  test('a thousand made-up keys a minute are looked up, once each, however many come at once', async () => {
    const { asked, many } = gateBefore();
    expect(await many(5_000, (n) => `made up ${n}`)).toEqual({ nobody: UNKNOWN_PER_MINUTE, 429: 4_000 });
    expect(asked).toHaveLength(UNKNOWN_PER_MINUTE);
    expect(new Set(asked).size).toBe(UNKNOWN_PER_MINUTE);
  });

  test('one made-up key is no cheaper way', async () => {
    const { asked, many } = gateBefore();
    await many(5_000, () => 'made up');
    expect(asked).toHaveLength(UNKNOWN_PER_MINUTE);
  });

  test('none is looked up that brings nothing, and it counts all the same', async () => {
    const { asked, many, enter } = gateBefore();
    expect(await many(1_200, () => null)).toEqual({ nobody: UNKNOWN_PER_MINUTE, 429: 200 });
    expect(await enter('made up')).toBe(429);
    expect(asked).toEqual([]);
  });

  test('who waits is told for how long', async () => {
    const { gate, clock, many, enter } = gateBefore();
    await many(UNKNOWN_PER_MINUTE, () => null);
    const refused = await gate
      .enter({ network: NETWORK, credential: null, find: null })
      .catch((error: Problem) => error);
    expect(refused).toMatchObject({ status: 429, headers: { 'x-ratelimit-remaining': '0' } });
    const seconds = Number((refused as Problem).headers['retry-after']);
    clock.ms += seconds * 1_000;
    expect(await enter(null)).toBe('nobody');
  });

  test('who takes another /64 of a /48 with each has ten times as many, and another /48 its own', async () => {
    const { asked, enter } = gateBefore();
    const refused: unknown[] = [];
    for (let n = 0; n < 10 * UNKNOWN_PER_MINUTE + 50; n += 1)
      refused.push(await enter(`made up ${n}`, `2001:db8:7:${n.toString(16)}::/64`));
    expect(refused.filter((one) => one === 429)).toHaveLength(50);
    expect(asked).toHaveLength(10 * UNKNOWN_PER_MINUTE);
    expect(await enter(null, '2001:db8:8:1::/64')).toBe('nobody');
  });

  test('an address is counted for itself', async () => {
    const { many, enter } = gateBefore();
    await many(UNKNOWN_PER_MINUTE, () => null);
    expect(await enter(null, '203.0.113.8')).toBe('nobody');
  });

  test('what its own handler refuses is counted with them', async () => {
    const { gate, enter } = gateBefore();
    for (let n = 0; n < UNKNOWN_PER_MINUTE; n += 1) gate.countUnknown(NETWORK);
    expect(() => gate.countUnknown(NETWORK)).toThrow(expect.objectContaining({ status: 429 }));
    expect(await enter(null)).toBe(429);
  });
});

describe('one that works', () => {
  test('is not counted, however often it comes, at once or one after the other', async () => {
    const { many, enter } = gateBefore('k');
    expect(await many(3_000, () => 'k')).toEqual({ 'owner of k': 3_000 });
    for (let n = 0; n < 1_500; n += 1) await enter('k');
    expect(await many(UNKNOWN_PER_MINUTE + 1, () => null)).toEqual({ nobody: UNKNOWN_PER_MINUTE, 429: 1 });
  });

  test('is asked for each time: it may have been revoked', async () => {
    const { works, asked, enter } = gateBefore('k');
    await enter('k');
    works.delete('k');
    expect(await enter('k')).toBe('nobody');
    expect(asked).toEqual(['k', 'k']);
  });

  test('passes from an address over the limit for a minute after it last worked, and no longer', async () => {
    const { clock, many, enter } = gateBefore('k', 'other');
    await enter('k');
    const flood = () => many(UNKNOWN_PER_MINUTE, () => null);
    await flood();
    clock.ms += 59_000;
    await flood();
    expect([await enter('k'), await enter('other')]).toEqual(['owner of k', 429]);
    clock.ms += 59_000;
    await flood();
    expect(await enter('k')).toBe('owner of k');
    clock.ms += 30_000;
    await flood();
    clock.ms += 30_000;
    await flood();
    expect(await enter('k')).toBe(429);
  });

  test('passes no longer once it was revoked', async () => {
    const { works, asked, many, enter } = gateBefore('k');
    await enter('k');
    await many(UNKNOWN_PER_MINUTE, () => null);
    works.delete('k');
    expect(await many(50, () => 'k')).toEqual({ 429: 50 });
    const before = asked.length;
    expect([await enter('k'), asked.length]).toEqual([429, before]);
  });

  test('passes while the database is away, and nothing else does', async () => {
    const { gate, clock, enter } = gateBefore('k');
    await enter('k');
    const away = () => Promise.reject(new Error('away'));
    const ask = (credential: string) =>
      gate.enter({ network: NETWORK, credential, find: away }).catch((error: Error) => error.message);
    for (let minute = 0; minute < 3; minute += 1) {
      for (let n = 0; n < UNKNOWN_PER_MINUTE; n += 1) await ask(`made up ${n}`);
      expect(await ask('made up')).toMatch(/^From your address/);
      clock.ms += 40_000;
      expect(await ask('k')).toBe('away');
    }
  });

  test('is told from others where nobody needs to know whose it is', async () => {
    const { gate, asked, enter } = gateBefore('k');
    await enter('k');
    const known = await gate.enter({ network: NETWORK, credential: 'k', find: null });
    const stranger = await gate.enter({ network: NETWORK, credential: 'made up', find: null });
    expect([known.countedAs, stranger.countedAs, asked]).toEqual([expect.stringMatching(/^[\w-]{43}$/), null, ['k']]);
  });
});
