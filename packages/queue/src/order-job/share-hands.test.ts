import { expect, test } from '@jest/globals';
import { anAccount, anOrder } from '@lazada-sof/orders/fixture';
import { createHands } from '../hands.ts';
import type { Perform, StepContext } from './order-job.ts';
import { mayHaveMore, shareHands } from './share-hands.ts';

test.each([
  { says: 'an account alone has all but a tenth', hands: 100, mine: 89, all: 89, may: true },
  { says: 'and no more', hands: 100, mine: 90, all: 90, may: false },
  { says: 'several have no more together', hands: 100, mine: 45, all: 90, may: false },
  { says: 'that tenth is for those who have none', hands: 100, mine: 0, all: 99, may: true },
  { says: 'one hand of four stays free', hands: 4, mine: 3, all: 3, may: false },
  { says: 'a single hand is anybody’s', hands: 1, mine: 0, all: 0, may: true },
])('shares of hands: $says', ({ hands, mine, all, may }) => {
  expect(mayHaveMore({ hands, mine, all })).toBe(may);
});

const tick = () => new Promise(setImmediate);

/** Steps that are over when they are told to be, in a worker of four hands. */
function rig() {
  const begun: string[] = [];
  const under: (() => void)[] = [];
  const perform: Perform = (_step, { order }) => {
    begun.push(order.account.accountId);
    return new Promise((resolve) => under.push(resolve));
  };
  const shared = shareHands(createHands(4), perform, 20);
  const begin = (accountId: string) =>
    shared({ step: 'look', ref: '' }, { order: anOrder({ account: anAccount({ accountId }) }) } as StepContext);
  return { begun, begin, endFirst: () => under.shift()?.() };
}

test('an account whose calls are not answered leaves a hand to the others', async () => {
  const { begun, begin } = rig();
  const fourth = [1, 2, 3, 4].map(() => begin('7'))[3];
  await expect(fourth).rejects.toMatchObject({ kind: 'rate-limited', code: 'no_hand' });
  void begin('8');
  await tick();
  expect(begun).toEqual(['7', '7', '7', '8']);
});

test('once one has waited in vain, the next do not wait, until one of the account is over', async () => {
  const { begun, begin, endFirst } = rig();
  const [first, , , fourth] = Array.from({ length: 4 }, () => begin('7'));
  await expect(fourth).rejects.toMatchObject({ code: 'no_hand' });
  const began = performance.now();
  await Promise.all(Array.from({ length: 100 }, () => expect(begin('7')).rejects.toMatchObject({ code: 'no_hand' })));
  expect(performance.now() - began).toBeLessThan(1_000);
  endFirst();
  await first;
  void begin('7');
  await tick();
  expect(begun).toHaveLength(4);
});

test('each that is put off comes again at a time of its own', async () => {
  const { begin } = rig();
  const steps = Array.from({ length: 5 }, () => begin('7'));
  const late = await Promise.all(steps.slice(3).map((step) => step.catch(({ waitMs }: { waitMs: number }) => waitMs)));
  expect(Number(late[1]) - Number(late[0])).toBeGreaterThan(50);
});

test('where steps are over soon, the next of the account goes on unnoticed', async () => {
  const { begun, begin, endFirst } = rig();
  const [first, , , fourth] = Array.from({ length: 4 }, () => begin('7'));
  await tick();
  endFirst();
  await first;
  await tick();
  expect(begun).toHaveLength(4);
  for (let n = 0; n < 3; n++) endFirst();
  await fourth;
});
