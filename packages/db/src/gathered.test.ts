import { expect, test } from '@jest/globals';
import { gathered } from './gathered.ts';

/** Work that is held until it is let go; the requests of each piece, in the order in which they began. */
function heldWork() {
  const pieces: { requests: readonly number[]; end: () => void }[] = [];
  const begun: (() => void)[] = [];
  const work = gathered<number, string>(async (requests) => {
    const held = Promise.withResolvers<void>();
    pieces.push({ requests, end: held.resolve });
    begun.shift()?.();
    await held.promise;
    return requests.map((request) => (request < 0 ? new Error(`no ${request}`) : `done ${request}`));
  });
  const nextPiece = () => new Promise<void>((resolve) => void begun.push(resolve));
  return { pieces, work, nextPiece };
}

test('requests of one moment are one piece of work, each with its own answer or error', async () => {
  const { pieces, work, nextPiece } = heldWork();
  const answers = Promise.allSettled([1, -2, 3].map((request) => work.load(request)));
  await nextPiece();
  pieces[0]?.end();
  expect(await answers).toMatchObject([{ value: 'done 1' }, { reason: { message: 'no -2' } }, { value: 'done 3' }]);
  expect(pieces.map(({ requests }) => requests)).toEqual([[1, -2, 3]]);
});

test('while two pieces are under way the others gather, and go together when one has ended', async () => {
  const { pieces, work, nextPiece } = heldWork();
  const answers: Promise<string>[] = [];
  for (const request of [1, 2]) {
    answers.push(work.load(request));
    await nextPiece();
  }
  answers.push(work.load(3));
  await new Promise((resolve) => setTimeout(resolve, 20)); // longer than it gathers
  answers.push(work.load(4));
  const third = nextPiece();
  pieces[0]?.end();
  await third;
  expect(pieces.map(({ requests }) => requests)).toEqual([[1], [2], [3, 4]]);
  for (const { end } of pieces) end();
  expect(await Promise.all(answers)).toEqual(['done 1', 'done 2', 'done 3', 'done 4']);
});

test('a piece that fails as a whole makes room for the next', async () => {
  let calls = 0;
  const work = gathered<number, string>(async (requests) => {
    calls += 1;
    if (calls <= 2) throw new Error('away');
    return requests.map(String);
  });
  for (let failed = 1; failed <= 2; failed += 1) await expect(work.load(failed)).rejects.toThrow('away');
  expect(await work.load(3)).toBe('3');
});
