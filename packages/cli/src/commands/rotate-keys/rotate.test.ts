import { expect, test } from '@jest/globals';
import type { SealedAccount } from '@lazada-sof/db';
import { rotate } from './rotate.ts';

type Says = { accountId: string; says?: 'ok' | 'busy' | 'broken' };
const outcome = ({ accountId, says = 'ok' }: Says): SealedAccount => ({
  accountId,
  name: `shop-${accountId}`,
  left: says === 'ok' ? [] : [`is ${says}`],
  isBusy: says === 'busy',
});

/** What each walk finds; after the last of them nothing, or what `ever` says. */
async function run(walks: readonly (readonly Says[])[], { ever = [] as readonly Says[], abortAt = Infinity } = {}) {
  const closing = new AbortController();
  const lines: string[] = [];
  let [walk, now, calls] = [0, 0, 0];
  const rotation = await rotate(
    {
      countStale: async () => walks[0]?.length ?? 0,
      async sealStale({ after }) {
        if (++calls >= abortAt) closing.abort();
        now += 1_000;
        if (after !== null) return [];
        return (walks[walk++] ?? ever).map(outcome);
      },
    },
    {
      progress: { show: (line) => lines.push(line), clear: () => undefined },
      signal: closing.signal,
      now: () => now,
      pauseMs: 0,
    },
  );
  return { rotation, lines, calls };
}
const [A, B] = [{ accountId: '1' }, { accountId: '2' }];

test('all are sealed, and a second walk finds nothing', async () => {
  const { rotation, lines } = await run([[A, B]]);
  expect(rotation).toEqual({ sealed: 2, left: [], isInterrupted: false });
  expect(lines.at(-1)).toMatch(/#{20}\] 2 of 2 accounts$/);
});

test('one whose row somebody holds is sealed once it is free', async () => {
  const { rotation, lines } = await run([[A, { ...B, says: 'busy' }], [{ ...B, says: 'busy' }], [B]]);
  expect(rotation).toEqual({ sealed: 2, left: [], isInterrupted: false });
  expect(lines.join('\n')).toContain('somebody holds shop-2');
});

test('one whose row is held for ever is left after a minute without any other', async () => {
  const { rotation } = await run([[A]], { ever: [{ ...B, says: 'busy' }] });
  expect(rotation).toEqual({ sealed: 1, left: [{ account: 'shop-2', reasons: ['is busy'] }], isInterrupted: false });
});

test('what cannot be sealed is left, once, and ends nothing', async () => {
  const { rotation } = await run([[{ ...A, says: 'broken' }, B]], { ever: [{ ...A, says: 'broken' }] });
  expect(rotation).toEqual({ sealed: 1, left: [{ account: 'shop-1', reasons: ['is broken'] }], isInterrupted: false });
});

test('one that the host writes meanwhile is sealed again', async () => {
  expect((await run([[A, B], [A]])).rotation).toEqual({ sealed: 2, left: [], isInterrupted: false });
});

test('a service that seals with another key is told, and does not keep it for ever', async () => {
  const { rotation } = await run([[A, B]], { ever: [A] });
  expect(rotation.left).toEqual([
    { account: 'shop-1', reasons: [expect.stringMatching(/another key.*same ENCRYPTION_KEYS/)] },
  ]);
});

test('interrupted it begins nothing more, and says so', async () => {
  const { rotation, calls } = await run([[A, B], [A]], { abortAt: 1 });
  expect([rotation.isInterrupted, rotation.sealed, calls]).toEqual([true, 2, 1]);
});
