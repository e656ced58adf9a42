import { expect, test } from '@jest/globals';
import type { Carrier } from '@lazada-sof/orders';
import { announce } from './announce.ts';
import type { AskedCarrier } from './carriers.ts';

const dhl: Carrier = { name: 'dhl', title: 'DHL', track: async () => [], close: () => undefined };
const withKey: [string, AskedCarrier][] = [['dhl', { carrier: dhl, perDay: 250 }]];
/** No test waits so long. */
const NEVER = 3_600_000;

type Rig = { carriers?: [string, AskedCarrier][]; answers?: (string[] | Error)[]; everyMs?: number; againMs?: number };

/** What was written and said, until the service ends with the last of the answers. */
async function announced({ carriers = withKey, answers = [], everyMs = NEVER, againMs = NEVER }: Rig) {
  const journal: string[] = [];
  const ending = new AbortController();
  const write = async (what: string) => {
    journal.push(what);
    const answer = answers.shift() ?? [];
    if (answers.length === 0) ending.abort();
    if (answer instanceof Error) throw answer;
    return answer;
  };
  const say = (words: string) => void journal.push(words);
  await announce(
    {
      ledger: {
        ask: (carrier) => write(`ask ${carrier}`),
        askOn: (carrier, held) => write(`ask ${carrier} on, held ${held.join(' ') || 'none'}`),
      },
      carriers: new Map(carriers),
      log: { info: say, warn: say },
      ...{ everyMs, againMs },
    },
    ending.signal,
  );
  return journal;
}

test('with a key its carrier is asked, and that is said again as long as the service runs', async () => {
  const journal = await announced({ answers: [[], [], []], everyMs: 1 });
  expect(journal).toEqual(['ask dhl', 'ask dhl on, held none', 'ask dhl on, held none']);
});

test('without a key that is said once, and nothing is written: another process may have one', async () => {
  expect(await announced({ carriers: [] })).toEqual(['DHL_API_KEY is not set: DHL is not asked by this process']);
});

test('orders that somebody holds are come back for soon, until none is left', async () => {
  const journal = await announced({ answers: [['7', '8'], ['8'], []], againMs: 1 });
  expect(journal).toEqual(['ask dhl', 'ask dhl on, held 7 8', 'ask dhl on, held 8']);
});

test('where the database is away it is written once it is there', async () => {
  const away = new Error('the database is away');
  const again = 'which carriers are asked cannot be written: tried again';
  const journal = await announced({ answers: [away, away, ['7'], away, []], againMs: 1 });
  expect(journal).toEqual([
    ...['ask dhl', again, 'ask dhl', again, 'ask dhl'],
    ...['ask dhl on, held 7', again, 'ask dhl on, held 7'],
  ]);
});
