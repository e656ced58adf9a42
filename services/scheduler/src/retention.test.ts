import { expect, test } from '@jest/globals';
import type { Removed } from '@lazada-sof/db';
import type { Retained, RetentionDays } from '@lazada-sof/orders';
import { type RetentionTools, removeOld, runRetention } from './retention.ts';

const NOON = new Date('2026-03-02T04:00:00Z');

/** A day's turn that was not had, and by what it is the pieces in which it goes. */
function rig(days: RetentionDays, pieces: Partial<Record<Retained, readonly (number | Error)[]>> = {}) {
  const closing = new AbortController();
  const had = { day: '', isAsked: 0 };
  const [finished, asked, lines, warnings, slept, counted]: [
    Removed[],
    string[],
    object[],
    string[],
    number[],
    string[],
  ] = [...([[], [], [], [], [], []] as [[], [], [], [], [], []])];
  const tools: RetentionTools = {
    days,
    now: async () => NOON,
    retention: {
      async begin(day) {
        had.isAsked += 1;
        return had.day < day;
      },
      keep: async () => undefined,
      async *remove(what, kept) {
        asked.push(`${what} ${kept}`);
        for (const piece of pieces[what] ?? []) {
          if (piece instanceof Error) throw piece;
          yield piece;
        }
      },
      async finish(day, removed) {
        had.day = day;
        finished.push(removed);
      },
    },
    count: (what, removed) => counted.push(`${what} ${removed}`),
    waker: { sleep: async (ms) => void slept.push(ms) },
    log: { info: (_, fields) => lines.push(fields), warn: (message) => warnings.push(message) },
  };
  return { tools, closing, had, finished, asked, lines, warnings, slept, counted };
}

test('what has a setting is removed, piece by piece with a pause, and one line tells it, once a day', async () => {
  const { tools, closing, asked, lines, slept, counted } = rig(
    { invoices: 400, eventData: 30 },
    { invoices: [500, 20], eventData: [7] },
  );
  await removeOld(tools, closing.signal);
  await removeOld(tools, closing.signal);
  expect(asked).toEqual(['invoices 400', 'eventData 30']);
  expect(lines).toEqual([{ day: '2026-03-02', invoices: 520, eventData: 7 }]);
  expect([slept, counted]).toEqual([
    [100, 100, 100],
    ['invoices 500', 'invoices 20', 'eventData 7'],
  ]);
});

test('where everything is kept for ever nobody looks', async () => {
  const { tools, closing, had } = rig({});
  await runRetention(tools, closing.signal);
  expect(had.isAsked).toBe(0);
});

test('what cannot be removed is told, and hinders nothing else', async () => {
  const { tools, closing, finished, warnings } = rig(
    { manifests: 40, imports: 40 },
    { manifests: [3, new Error('column file does not exist')], imports: [2] },
  );
  await removeOld(tools, closing.signal);
  expect(finished).toEqual([{ manifests: 3, imports: 2 }]);
  expect(warnings).toEqual(['what was kept long enough could not be removed, it is tried again tomorrow']);
});

test('a database that is away ends the turn without an end, and it is looked again', async () => {
  const { tools, closing, finished, warnings, slept } = rig(
    { invoices: 40 },
    { invoices: [Object.assign(new Error('away'), { code: 'ECONNREFUSED' })] },
  );
  const sleep = async (ms: number) => {
    slept.push(ms);
    closing.abort();
  };
  await runRetention({ ...tools, waker: { sleep } }, closing.signal);
  expect([finished, slept]).toEqual([[], [600_000]]);
  expect(warnings).toEqual(['what was kept long enough could not be removed, it is tried again']);
});

test('a shutdown comes after the piece that is in hand, and the day is not over', async () => {
  const { tools, closing, finished, counted } = rig(
    { invoices: 40, imports: 40 },
    { invoices: [500, 500], imports: [1] },
  );
  const sleep = async () => closing.abort();
  await removeOld({ ...tools, waker: { sleep } }, closing.signal);
  expect([finished, counted]).toEqual([[], ['invoices 500']]);
});
