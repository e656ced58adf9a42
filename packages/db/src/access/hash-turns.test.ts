import { describe, expect, test } from '@jest/globals';
import { openHashTurns } from './hash-turns.ts';

/** Work that goes on until it is told to end, and what of it has begun. */
function works() {
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  const work = (name: string) => () =>
    new Promise<string>((resolve) => {
      begun.push(name);
      ends.set(name, () => resolve(name));
    });
  /** Whatever has begun, until nothing begins any more. */
  const endAll = async () => {
    for (let done = 0; done < begun.length; done += 1) {
      ends.get(begun[done] ?? '')?.();
      await settled();
    }
  };
  return { begun, work, end: (name: string) => ends.get(name)?.(), endAll };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const at = (network: string, user = 'ann') => ({ network, user });
/** Of one line of IPv6, or of one that has a /48: each from a /64 of its own. */
const block = (n: number) => at(`2001:db8:1:${n.toString(16)}::/64`);
/** Each from a network of its own, far from the others. */
const elsewhere = (n: number) => at(`10.${n >> 8}.${n & 255}.1`);

test('only so many at once, the others in their order', async () => {
  const { begun, work, end } = works();
  const turns = openHashTurns({ atOnce: 2 });
  const all = ['a', 'b', 'c'].map((name, n) => turns.take(elsewhere(n), work(name)));
  await settled();
  expect(begun).toEqual(['a', 'b']);
  end('b');
  await settled();
  expect(begun).toEqual(['a', 'b', 'c']);
  for (const name of ['a', 'c']) end(name);
  expect(await Promise.all(all)).toEqual(['a', 'b', 'c']);
});

test('nobody waits behind all the tries of one address', async () => {
  const { begun, work, endAll } = works();
  const turns = openHashTurns({ atOnce: 2 });
  const flood = ['f1', 'f2', 'f3', 'f4'].map((name) => turns.take(block(1), work(name)));
  const one = turns.take(elsewhere(1), work('one'));
  await settled();
  expect(begun).toEqual(['f1', 'one']);
  await endAll();
  expect(await Promise.all([...flood, one])).toEqual(['f1', 'f2', 'f3', 'f4', 'one']);
});

test.each([
  ['IPv6: the /64 of one /48', block],
  ['IPv4: the addresses of one /24', (n: number) => at(`198.51.100.${n}`)],
])('nor behind those of its neighbours, %s', async (_, neighbour) => {
  const { begun, work, endAll } = works();
  const turns = openHashTurns({ atOnce: 1 });
  const all = Array.from({ length: 50 }, (_, n) => turns.take(neighbour(n), work(`f${n}`)));
  all.push(turns.take(elsewhere(1), work('one')));
  await endAll();
  expect(begun.slice(0, 3)).toEqual(['f0', 'f1', 'one']);
  expect(await Promise.all(all)).toHaveLength(51);
});

test('there are so many places in line, and one that is left is free again', async () => {
  const { begun, work, endAll } = works();
  const turns = openHashTurns({ mostInLine: 2 });
  const took = ['a', 'b', 'c'].map((name, n) => turns.take(elsewhere(n), work(name)));
  expect(await took[2]).toBeNull();
  await endAll();
  expect(await Promise.all(took)).toEqual(['a', 'b', null]);
  const again = turns.take(elsewhere(3), work('d'));
  await endAll();
  expect(await again).toBe('d');
  expect(begun).toEqual(['a', 'b', 'd']);
});

test('one that fails gives its turn on', async () => {
  const turns = openHashTurns({ atOnce: 1 });
  const failed = turns.take(block(1), () => Promise.reject(new Error('no')));
  const next = turns.take(block(1), async () => 'yes');
  await expect(failed).rejects.toThrow('no');
  expect(await next).toBe('yes');
});

describe('when the line is full', () => {
  test.each([
    ['one address', () => block(1)],
    ['a /64 each of one /48', block],
    ['a /64 each of one /56', (n: number) => block(n & 255)],
  ])('the last of those that hold most of it gives way: strangers from %s', async (_, stranger) => {
    const { begun, work, endAll } = works();
    const turns = openHashTurns({ atOnce: 2, mostInLine: 100 });
    const strangers = Array.from({ length: 110 }, (_, n) => turns.take(stranger(n), work(`s${n}`)));
    const people = Array.from({ length: 5 }, (_, n) => turns.take(elsewhere(n), work(`p${n}`)));
    await endAll();
    expect(await Promise.all(people)).toEqual(['p0', 'p1', 'p2', 'p3', 'p4']);
    const answers = await Promise.all(strangers);
    expect(answers.map((answer, n) => (answer === null ? n : null)).filter((n) => n !== null)).toEqual(
      Array.from({ length: 15 }, (_, n) => 95 + n),
    );
    expect(begun).toHaveLength(100);
  });

  test('the one that is at work goes on, and who is put out never begins', async () => {
    const { begun, work, endAll } = works();
    const turns = openHashTurns({ atOnce: 1, mostInLine: 2 });
    const [first, second] = ['f1', 'f2'].map((name) => turns.take(block(1), work(name)));
    const one = turns.take(elsewhere(1), work('one'));
    expect(await second).toBeNull();
    await endAll();
    expect([await first, await one]).toEqual(['f1', 'one']);
    expect(begun).toEqual(['f1', 'one']);
  });

  test('within one network the last of the address that holds most of it gives way', async () => {
    const { work, endAll } = works();
    const turns = openHashTurns({ atOnce: 1, mostInLine: 10 });
    const flood = Array.from({ length: 10 }, (_, n) => turns.take(block(1), work(`f${n}`)));
    const one = turns.take(block(2), work('one'));
    expect(await flood[9]).toBeNull();
    await endAll();
    expect(await one).toBe('one');
  });

  test('nobody gives way to one who would then hold as much', async () => {
    const { work, endAll } = works();
    const turns = openHashTurns({ atOnce: 1, mostInLine: 4 });
    const all = [1, 1, 2, 2].map((n, at) => turns.take(elsewhere(n), work(`e${at}`)));
    expect(await turns.take(elsewhere(1), work('third'))).toBeNull();
    const other = turns.take(elsewhere(3), work('other'));
    expect(await turns.take(elsewhere(3), work('second'))).toBeNull();
    const fourth = turns.take(elsewhere(4), work('fourth'));
    expect(await turns.take(elsewhere(5), work('fifth'))).toBeNull();
    await endAll();
    expect(await Promise.all([...all, other, fourth])).toEqual(['e0', null, 'e2', null, 'other', 'fourth']);
  });

  describe('of strangers from everywhere', () => {
    const filled = (options: { mostKept?: number; mostKnown?: number } = {}) => {
      const { work, ...rest } = works();
      const turns = openHashTurns({ atOnce: 1, mostInLine: 100, ...options });
      for (let n = 0; n < 100; n += 1) void turns.take(elsewhere(n), work(`s${n}`));
      return { turns, work, ...rest };
    };

    test('who got in from there lately has a place, and is the next', async () => {
      const { turns, work, begun, endAll } = filled();
      turns.know(at('203.0.113.7'));
      const one = turns.take(at('203.0.113.7'), work('one'));
      expect(await turns.take(at('203.0.113.7', 'bob'), work('another name'))).toBeNull();
      expect(await turns.take(at('203.0.113.8'), work('another address'))).toBeNull();
      await endAll();
      expect(await one).toBe('one');
      expect(begun.slice(0, 2)).toEqual(['s0', 'one']);
      expect(begun).toHaveLength(101);
    });

    test('one such place at a time, and so many of all', async () => {
      const { turns, work, endAll } = filled({ mostKept: 2 });
      const known = [1, 2, 3].map((n) => at(`203.0.113.${n}`));
      for (const one of known) turns.know(one);
      const first = turns.take(at('203.0.113.1'), work('first'));
      expect(await turns.take(at('203.0.113.1'), work('again'))).toBeNull();
      const second = turns.take(at('203.0.113.2'), work('second'));
      expect(await turns.take(at('203.0.113.3'), work('third'))).toBeNull();
      await endAll();
      expect([await first, await second]).toEqual(['first', 'second']);
      const later = turns.take(at('203.0.113.1'), work('later'));
      await endAll();
      expect(await later).toBe('later');
    });

    test('of those who got in the last so many are known', async () => {
      const { turns, work, endAll } = filled({ mostKnown: 2 });
      for (const n of [1, 2, 1, 3]) turns.know(at(`203.0.113.${n}`));
      const first = turns.take(at('203.0.113.1'), work('first'));
      expect(await turns.take(at('203.0.113.2'), work('forgotten'))).toBeNull();
      await endAll();
      expect(await first).toBe('first');
    });
  });
});
