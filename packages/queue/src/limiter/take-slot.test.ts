import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createHands } from '../hands.ts';
import { createLine } from './line.ts';
import type { SlotStore, Taken } from './slot-store.ts';
import { takeSlot } from './take-slot.ts';

/** Answers the one after the other, each so late; notes with which slots it was asked. */
function slowStore(answers: readonly Taken[], lateMs: number) {
  const asked: (number | null)[] = [];
  const store: Pick<SlotStore, 'take'> = {
    async take(_keys, { slot }) {
      const answer = answers[asked.push(slot) - 1];
      await sleep(lateMs);
      return answer ?? { kind: 'go', troubled: false };
    },
  };
  return { store: store as SlotStore, asked };
}

test('a slot that was reserved is used, however late the store told it', async () => {
  const { store, asked } = slowStore([{ kind: 'wait', ms: 40, slot: 7 }], 80);
  const key = { api: 'sofp', accountId: '1' } as const;
  const tools = { store, hands: createHands(4), line: createLine() };
  await takeSlot(tools, { key, intervalMs: 1_000, signal: undefined, wish: {} });
  expect(asked).toEqual([null, 7]);
});
