import { expect, test } from '@jest/globals';
import type { JobRequest } from '@lazada-sof/queue';
import { goOnWithImports } from './imports.ts';
import { createWaker } from './waker.ts';

test('an import that nobody goes on with is handed on; a database that is away is told, and looked at again', async () => {
  const [jobs, warnings]: [JobRequest[], string[]] = [[], []];
  const closing = new AbortController();
  const looks = [async () => Promise.reject(new Error('away')), async () => ['12'], async () => []];
  const sleep = async () => {
    if (looks.length === 0) closing.abort();
  };
  await goOnWithImports(
    {
      takeDue: async () => (await looks.shift()?.()) ?? [],
      enqueue: async (asked) => void jobs.push(...asked),
      waker: { ...createWaker(), sleep },
      log: { warn: (message) => warnings.push(message) },
    },
    closing.signal,
  );
  expect(jobs).toEqual([{ name: 'import-file', data: { v: 1, importId: '12' } }]);
  expect(warnings).toEqual(['import files could not be looked at, they are looked at again']);
});
