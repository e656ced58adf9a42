import { expect, test } from '@jest/globals';
import type { Carrier } from '@lazada-sof/orders';
import { announce } from './announce.ts';
import type { AskedCarrier } from './carriers.ts';

const dhl: Carrier = { name: 'dhl', title: 'DHL', track: async () => [], close: () => undefined };
const withKey: [string, AskedCarrier][] = [['dhl', { carrier: dhl, perDay: 250 }]];

/** What was written and said; the first `failures` writes fail. */
async function announced(carriers: [string, AskedCarrier][], failures = 0) {
  const journal: string[] = [];
  let left = failures;
  const write = (what: string) => async (carrier: string) => {
    if (left-- > 0) throw new Error('the database is away');
    journal.push(`${what} ${carrier}`);
  };
  const say = (words: string) => void journal.push(words);
  await announce(
    {
      ledger: { ask: write('ask'), leaveAlone: write('leave alone') },
      carriers: new Map(carriers),
      log: { info: say, warn: say },
      againMs: 1,
    },
    AbortSignal.timeout(20_000),
  );
  return journal;
}

test('with a key its carrier is asked', async () => {
  expect(await announced(withKey)).toEqual(['ask dhl']);
});

test('without a key that is said once, and the carrier is left alone', async () => {
  expect(await announced([])).toEqual(['DHL_API_KEY is not set: DHL is not asked', 'leave alone dhl']);
});

test('where the database is away it is written once it is there, and said no second time', async () => {
  const again = 'which carriers are asked cannot be written: tried again';
  expect(await announced([], 2)).toEqual(['DHL_API_KEY is not set: DHL is not asked', again, again, 'leave alone dhl']);
});
