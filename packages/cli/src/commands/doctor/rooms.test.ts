import { expect, test } from '@jest/globals';
import { type Finding, good } from './finding.ts';
import { lookInto, NOT_ENDED, type Room } from './rooms.ts';

const well = (name: string): Room => ({
  name,
  limitMs: 60_000,
  fix: 'mend it',
  look: async () => [good(name, 'well')],
});
const broken: Room = {
  name: 'broken',
  limitMs: 60_000,
  fix: 'mend it',
  look: () => Promise.reject(new Error('it is down')),
};
const never: Room = { name: 'never', limitMs: 1, fix: 'mend it', look: () => new Promise(() => undefined) };

async function all(rooms: readonly Room[], told: Parameters<typeof lookInto>[1] = {}): Promise<Finding[]> {
  const found: Finding[] = [];
  for await (const findings of lookInto(rooms, told)) found.push(...findings);
  return found;
}

test('what is down, or never answers, hides nothing of the others', async () => {
  expect(await all([broken, well('one'), never, well('two')])).toEqual([
    { check: 'broken', ok: false, detail: 'it is down', fix: 'mend it' },
    { check: 'one', ok: true, detail: 'well' },
    { check: 'never', ok: false, detail: 'no answer within 0.001 s', fix: 'mend it' },
    { check: 'two', ok: true, detail: 'well' },
  ]);
});

test('all are looked into at once: one may wait for another', async () => {
  const met = Promise.withResolvers<void>();
  const waits: Room = { ...well('waits'), look: () => met.promise.then(() => [good('waits', 'met')]) };
  const comes: Room = {
    ...well('comes'),
    async look() {
      met.resolve();
      return [good('comes', 'well')];
    },
  };
  expect((await all([waits, comes])).map(({ detail }) => detail)).toEqual(['met', 'well']);
});

test('whoever is too late is told, so that what was begun is ended', async () => {
  const ended = Promise.withResolvers<void>();
  const late: Room = {
    ...never,
    look: (signal) => {
      signal.addEventListener('abort', () => ended.resolve());
      return new Promise(() => undefined);
    },
  };
  await all([late]);
  await ended.promise;
});

test('interrupted: what was begun is told and waited for, but what does not end', async () => {
  const interrupt = new AbortController();
  const journal: string[] = [];
  const removes: Room = {
    ...well('removes'),
    async look(signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      journal.push('told');
      await new Promise(setImmediate);
      journal.push('removed');
      return [good('removes', 'well')];
    },
  };
  const found = all([removes, { ...never, limitMs: 60_000 }], { interrupted: interrupt.signal, leaveMs: 50 });
  interrupt.abort();
  expect((await found).map(({ detail }) => detail)).toEqual(['well', NOT_ENDED]);
  expect(journal).toEqual(['told', 'removed']);
});

test('what the database says is told with the way out', async () => {
  const refused = Object.assign(new Error('password authentication failed'), { code: '28P01' });
  const room: Room = { ...broken, look: () => Promise.reject(refused) };
  expect(await all([room])).toMatchObject([{ ok: false, detail: expect.stringContaining('DATABASE_URL') }]);
});

test('who is still waited for is said', async () => {
  const said: (readonly string[])[] = [];
  await all([well('one'), well('two')], { onWaiting: (names) => said.push(names) });
  expect(said[0]).toEqual(['one', 'two']);
  expect(said.at(-1)).toEqual([]);
});
