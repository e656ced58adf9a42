import { describe, expect, test } from '@jest/globals';
import type { Account } from '@lazada-sof/orders';
import type { Priority } from './batch-window.ts';
import { createBatcher } from './batcher.ts';
import { expectCallers } from './expected-callers.ts';

type Input = { account: Account; n: number; priority?: Priority };
const accountOf = (accountId: string) => ({ accountId }) as Account;
const input = (n: number, accountId = '1'): Input => ({ account: accountOf(accountId), n });

/** Slots that come when the test says so. */
function rig({
  size = 50,
  fail = (_n: number): Error | null => null,
  mayBegin = (): boolean => true,
  expected = expectCallers(),
} = {}) {
  const slots: PromiseWithResolvers<string>[] = [];
  const calls: { inputs: number[]; slot: string }[] = [];
  const load = createBatcher<Input, string, number>({
    size,
    mayBegin,
    expected,
    slot: () => {
      const slot = Promise.withResolvers<string>();
      slots.push(slot);
      return slot.promise;
    },
    call: async (inputs, slot) => {
      calls.push({ inputs: inputs.map(({ n }) => n), slot });
      return inputs.map(({ n }) => fail(n) ?? n * 10);
    },
  });
  /** The n-th slot, once it has been asked for. */
  const slot = async (n: number): Promise<PromiseWithResolvers<string>> => {
    for (let waits = 0; waits < 500; waits += 1) {
      const asked = slots[n];
      if (asked) return asked;
      await later();
    }
    throw new Error(`slot ${n} was never asked for`);
  };
  return { load, slot, slots, calls };
}
const later = () => new Promise((resolve) => setTimeout(resolve, 5));

describe('calls that wait for a slot', () => {
  test('leave together with it, and each gets its own answer', async () => {
    const { load, slot, calls } = rig();
    const first = load(input(1));
    await later();
    const second = load(input(2));
    expect(calls).toEqual([]);
    (await slot(0)).resolve('s1');
    expect(await Promise.all([first, second])).toEqual([10, 20]);
    expect(calls.map(({ inputs, slot }) => [inputs, slot])).toEqual([[[1, 2], 's1']]);
  });

  test('are at most as many as one call takes, the next has a slot of its own', async () => {
    const { load, slot, calls } = rig({ size: 2 });
    const all = Promise.all([1, 2, 3].map((n) => load(input(n))));
    for (const n of [0, 1]) (await slot(n)).resolve(`s${n}`);
    expect(await all).toEqual([10, 20, 30]);
    expect(calls.map(({ inputs, slot }) => [inputs, slot])).toEqual([
      [[1, 2], 's0'],
      [[3], 's1'],
    ]);
  });

  test('of the same thing are two calls: an answer from before is not an answer', async () => {
    const { load, slot, calls } = rig();
    const first = load(input(1));
    (await slot(0)).resolve('s');
    await first;
    const second = load(input(1));
    (await slot(1)).resolve('s');
    await second;
    expect(calls).toHaveLength(2);
  });

  test('never mix accounts', async () => {
    const { load, slot, calls } = rig();
    const all = Promise.all([load(input(1, 'a')), load(input(2, 'b'))]);
    for (const n of [0, 1]) (await slot(n)).resolve('s');
    await all;
    expect(calls.map(({ inputs }) => inputs)).toEqual([[1], [2]]);
  });

  test('never leave at once, even where the slot does', async () => {
    const times: number[] = [];
    const load = createBatcher<Input, void, number>({
      size: 50,
      slot: async () => undefined,
      call: async (inputs) => {
        times.push(performance.now());
        return inputs.map(({ n }) => n);
      },
    });
    const began = performance.now();
    const first = load(input(1));
    await later();
    expect(await Promise.all([first, load(input(2))])).toEqual([1, 2]);
    expect(times).toHaveLength(1);
    expect((times[0] ?? 0) - began).toBeGreaterThan(18);
  });
});

describe('a batch of a busy account', () => {
  test('waits until it is full, and leaves then', async () => {
    const { load, slot, calls } = rig({ size: 4 });
    const all = [load(input(1)), load(input(2))];
    await new Promise((resolve) => setTimeout(resolve, 100));
    all.push(load(input(3)), load(input(4)));
    (await slot(0)).resolve('s');
    expect(await Promise.all(all)).toEqual([10, 20, 30, 40]);
    expect(calls.map(({ inputs }) => inputs)).toEqual([[1, 2, 3, 4]]);
  });

  test('does not wait for ever for one that does not come', async () => {
    const { load, slot } = rig({ size: 4 });
    const all = [load(input(1)), load(input(2))];
    (await slot(0)).resolve('s');
    expect(await Promise.all(all)).toEqual([10, 20]);
  });
});

describe('what is left over', () => {
  test('waits for those of its account whose call is under way, and leaves full', async () => {
    const expected = expectCallers();
    const reads = rig({ expected });
    const packs = rig({ size: 2, expected });
    const read = reads.load(input(1));
    const rest = packs.load(input(2));
    const coming = await reads.slot(0);
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(packs.slots).toEqual([]);
    coming.resolve('s');
    await read;
    const full = packs.load(input(1));
    (await packs.slot(0)).resolve('s');
    await Promise.all([rest, full]);
    expect(packs.calls.map(({ inputs }) => inputs)).toEqual([[2, 1]]);
  });

  test('does not wait for those of another account', async () => {
    const expected = expectCallers();
    expected.began('another');
    const { load, slot } = rig({ expected });
    const rest = load(input(1));
    (await slot(0)).resolve('s');
    expect(await rest).toBe(10);
  });

  test('does not wait for those who were put off', async () => {
    const expected = expectCallers();
    const { load, slot } = rig({ expected });
    const putOff = load(input(1));
    (await slot(0)).reject(new Error('no slot'));
    await expect(putOff).rejects.toThrow('no slot');
    expect(expected.ofAccount('1')).toEqual({ areUnderWay: false, areThinking: false });
  });
});

test('a batch of low priority waits for others until no hand is free in which they could come', async () => {
  const hands = { areFree: true };
  const { load, slot, slots } = rig({ mayBegin: () => hands.areFree });
  const began = performance.now();
  const result = load({ ...input(1), priority: 'low' });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(slots).toEqual([]);
  hands.areFree = false;
  (await slot(0)).resolve('s');
  expect(await result).toBe(10);
  expect(performance.now() - began).toBeLessThan(1_500);
});

describe('what goes wrong', () => {
  test('with one input is its own error', async () => {
    const { load, slot } = rig({ fail: (n) => (n === 2 ? new Error('two') : null) });
    const all = Promise.allSettled([load(input(1)), load(input(2))]);
    (await slot(0)).resolve('s');
    expect(await all).toEqual([
      { status: 'fulfilled', value: 10 },
      { status: 'rejected', reason: new Error('two') },
    ]);
  });

  test('with the slot is the error of all who waited for it, and no call is made', async () => {
    const { load, slot, calls } = rig();
    const all = Promise.allSettled([load(input(1)), load(input(2))]);
    (await slot(0)).reject(new Error('no slot'));
    expect((await all).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    expect(calls).toEqual([]);
  });

  test('the next batch after a lost slot is a new one', async () => {
    const { load, slot } = rig();
    const lost = load(input(1));
    (await slot(0)).reject(new Error('no slot'));
    await expect(lost).rejects.toThrow('no slot');
    const next = load(input(2));
    (await slot(1)).resolve('s');
    expect(await next).toBe(20);
  });
});

describe('an abort', () => {
  test('while its batch waits leaves that one out', async () => {
    const { load, slot, calls } = rig();
    const abort = new AbortController();
    const out = load(input(1), abort.signal);
    const stays = load(input(2));
    abort.abort(new Error('shut down'));
    (await slot(0)).resolve('s');
    await expect(out).rejects.toThrow('shut down');
    expect(await stays).toBe(20);
    expect(calls.map(({ inputs }) => inputs)).toEqual([[2]]);
  });

  test('of all of them makes no call', async () => {
    const { load, slot, calls } = rig();
    const out = load(input(1), AbortSignal.abort(new Error('shut down')));
    (await slot(0)).resolve('s');
    await expect(out).rejects.toThrow('shut down');
    expect(calls).toEqual([]);
  });

  test('of one while the call is under way does not end it, of all does', async () => {
    const [one, two] = [new AbortController(), new AbortController()];
    const under = Promise.withResolvers<void>();
    const aborted: boolean[] = [];
    const load = createBatcher<Input, void, number>({
      size: 50,
      slot: async () => undefined,
      call: async (inputs, _slot, signal) => {
        one.abort();
        aborted.push(signal?.aborted ?? false);
        two.abort();
        aborted.push(signal?.aborted ?? false);
        under.resolve();
        return inputs.map(({ n }) => n);
      },
    });
    await Promise.all([load(input(1), one.signal), load(input(2), two.signal), under.promise]);
    expect(aborted).toEqual([false, true]);
  });
});
