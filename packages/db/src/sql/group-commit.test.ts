import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { groupCommit } from './group-commit.ts';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'queueMicrotask'] }));
afterEach(() => void jest.useRealTimers());
/** Longer than pieces are apart. */
const later = () => jest.advanceTimersByTimeAsync(5);

/** Work that is held until it is let go; the requests of each piece, in the order in which they began. */
function heldWork() {
  const pieces: { requests: readonly number[]; end: () => void }[] = [];
  const work = groupCommit<number, string>(async (requests) => {
    const held = Promise.withResolvers<void>();
    pieces.push({ requests, end: held.resolve });
    await held.promise;
    return requests.map((request) => (request < 0 ? new Error(`no ${request}`) : `done ${request}`));
  });
  return { work, pieces, begun: () => pieces.map(({ requests }) => requests) };
}

test('requests of one moment are one piece of work, each with its own answer or error', async () => {
  const { work, pieces, begun } = heldWork();
  const answers = Promise.allSettled([1, -2, 3].map((request) => work.load(request)));
  await later();
  expect(begun()).toEqual([[1, -2, 3]]);
  pieces[0]?.end();
  expect(await answers).toMatchObject([{ value: 'done 1' }, { reason: { message: 'no -2' } }, { value: 'done 3' }]);
});

test('the first begins at once, and pieces of a busy process begin five milliseconds apart', async () => {
  const { work, pieces, begun } = heldWork();
  const answers = [work.load(1)];
  await jest.advanceTimersByTimeAsync(0);
  expect(begun()).toEqual([[1]]);
  pieces[0]?.end();
  await jest.advanceTimersByTimeAsync(2);
  answers.push(work.load(2));
  await jest.advanceTimersByTimeAsync(2);
  answers.push(work.load(3));
  expect(begun()).toEqual([[1]]);
  await jest.advanceTimersByTimeAsync(1);
  expect(begun()).toEqual([[1], [2, 3]]);
  pieces[1]?.end();
  expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3']);
});

test('while a piece is under way the others gather, and go together when it has ended', async () => {
  const { work, pieces, begun } = heldWork();
  const answers: Promise<string>[] = [];
  for (const request of [1, 2, 3]) {
    answers.push(work.load(request));
    await later();
  }
  expect(begun()).toEqual([[1]]);
  pieces[0]?.end();
  await later();
  expect(begun()).toEqual([[1], [2, 3]]);
  for (const { end } of pieces) end();
  expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3']);
});

test('pieces that wait begin in the order in which they came, none with more than 200 requests', async () => {
  const { work, pieces, begun } = heldWork();
  const answers: Promise<string>[] = [];
  for (const count of [1, 300]) {
    for (let request = 1; request <= count; request += 1) answers.push(work.load(request));
    await later();
  }
  for (const size of [200, 100]) {
    pieces.shift()?.end();
    await later();
    expect(begun().at(-1)).toHaveLength(size);
  }
  for (const { end } of pieces) end();
  expect(await Promise.all(answers)).toHaveLength(301);
});

test('what can wait gathers for longer, and in larger pieces', async () => {
  const begun: number[] = [];
  const work = async (requests: readonly number[]) => {
    begun.push(requests.length);
    return [...requests];
  };
  const patient = groupCommit<number, number>(work, { apartMs: 1_000, mostRequests: 500 });
  const answers = [patient.load(0)];
  await jest.advanceTimersByTimeAsync(10);
  answers.push(...Array.from({ length: 300 }, (_, request) => patient.load(request)));
  await jest.advanceTimersByTimeAsync(980);
  answers.push(...Array.from({ length: 300 }, (_, request) => patient.load(request)));
  expect(begun).toEqual([1]);
  await jest.advanceTimersByTimeAsync(2_020);
  expect(begun).toEqual([1, 500, 100]);
  expect(await Promise.all(answers)).toHaveLength(601);
});

test('what a piece promises is waited for by its caller alone', async () => {
  const promised = Promise.withResolvers<string>();
  const work = groupCommit<number, string>(async (requests) =>
    requests.map((request) => (request === 1 ? promised.promise : `done ${request}`)),
  );
  const first = work.load(1);
  await later();
  const second = work.load(2);
  await later();
  expect(await second).toBe('done 2');
  promised.reject(new Error('not this one'));
  await expect(first).rejects.toThrow('not this one');
});

test('a piece that fails as a whole makes room for the next', async () => {
  let calls = 0;
  const work = groupCommit<number, string>(async (requests) => {
    calls += 1;
    if (calls <= 2) throw new Error('away');
    return requests.map(String);
  });
  for (let failed = 1; failed <= 2; failed += 1) {
    const refused = expect(work.load(failed)).rejects.toThrow('away');
    await later();
    await refused;
  }
  const third = work.load(3);
  await later();
  expect(await third).toBe('3');
});
