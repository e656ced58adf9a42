import { expect, test } from '@jest/globals';
import type { ReportOutcome } from '@lazada-sof/orders';
import { attemptRound, type RoundMember } from './attempt-round.ts';

const ACCEPTED: ReportOutcome = { outcome: 'accepted', httpStatus: 202, answer: null, requestId: null };

/** Members whose attempts write down what happens to them. */
function rig() {
  const journal: string[] = [];
  let now = 0;
  const member = (
    name: string,
    {
      opens = async () => true,
      closes = async () => undefined,
      signal,
    }: {
      opens?: () => Promise<boolean>;
      closes?: () => Promise<void>;
      signal?: AbortSignal;
    } = {},
  ): RoundMember & { name: string } => ({
    name,
    signal,
    attempt: {
      open: async () => {
        journal.push(`open ${name}`);
        return opens();
      },
      close: async ({ outcome }) => {
        journal.push(`close ${name} ${outcome}`);
        return closes();
      },
    },
  });
  const round = (members: readonly (RoundMember & { name: string })[]) =>
    attemptRound(
      members,
      async (leaving) => {
        journal.push(`post ${leaving.map(({ name }) => name)}`);
        return leaving.map(() => ACCEPTED);
      },
      () => now,
    );
  const pass = (ms: number) => {
    now += ms;
  };
  return { journal, member, round, pass };
}

test('every attempt is open before anything leaves, and closed after', async () => {
  const { journal, member, round } = rig();
  expect(await round([member('a'), member('b')])).toEqual([ACCEPTED, ACCEPTED]);
  expect(journal).toEqual(['open a', 'open b', 'post a,b', 'close a accepted', 'close b accepted']);
});

test('what is not owed any more does not leave', async () => {
  const { journal, member, round } = rig();
  expect(await round([member('a', { opens: async () => false }), member('b')])).toEqual(['superseded', ACCEPTED]);
  expect(journal).toEqual(['open a', 'open b', 'post b', 'close b accepted']);
});

test('where nothing is owed any more, nothing is posted', async () => {
  const { journal, member, round } = rig();
  expect(await round([member('a', { opens: async () => false })])).toEqual(['superseded']);
  expect(journal).toEqual(['open a']);
});

test('an attempt that cannot be written does not leave, and is no error of the others', async () => {
  const { journal, member, round } = rig();
  const away = async () => Promise.reject(new Error('database away'));
  expect(await round([member('a', { opens: away }), member('b')])).toEqual([new Error('database away'), ACCEPTED]);
  expect(journal).toEqual(['open a', 'open b', 'post b', 'close b accepted']);
});

test('more than 5 s after it began nothing leaves', async () => {
  const { journal, member, round, pass } = rig();
  const opens = async () => {
    pass(5_001);
    return true;
  };
  const [outcome] = await round([member('a', { opens })]);
  expect(outcome).toMatchObject({ outcome: 'void', failure: { kind: 'transient', code: 'started_late' } });
  expect(journal).toEqual(['open a', 'close a void']);
});

test('within 5 s it does', async () => {
  const { member, round, pass } = rig();
  const opens = async () => {
    pass(5_000);
    return true;
  };
  expect(await round([member('a', { opens })])).toEqual([ACCEPTED]);
});

test('what is aborted after it was opened is closed void, and is no failure', async () => {
  const { journal, member, round } = rig();
  const abort = new AbortController();
  const opens = async () => {
    abort.abort(new Error('shut down'));
    return true;
  };
  expect(await round([member('a', { opens, signal: abort.signal }), member('b')])).toEqual([
    new Error('shut down'),
    ACCEPTED,
  ]);
  expect(journal).toEqual(['open a', 'open b', 'post b', 'close a void', 'close b accepted']);
});

test('an outcome that cannot be written is an error, the attempt stays open', async () => {
  const { member, round } = rig();
  const closes = async () => Promise.reject(new Error('database away'));
  expect(await round([member('a', { closes }), member('b')])).toEqual([new Error('database away'), ACCEPTED]);
});
