/** One account's backlog, ban or outage never holds up another's: a flag of a quiet account is at SOF within 5 s. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { describeOnEachQueue } from '../src/servers/suites.ts';
import { BUSY, type Crowd, openCrowd, TROUBLED, UNANSWERED } from './crowd.ts';

const WITHIN_MS = 5_000;
const DUE = 100_000;

await describeOnEachQueue('a flag of an account that has nothing else to send', (queue) => {
  describe.each([{ concurrency: 4 }, { concurrency: 100 }])('with CONCURRENCY=$concurrency', ({ concurrency }) => {
    let crowd: Crowd;
    beforeAll(async () => {
      crowd = await openCrowd({ queue, concurrency, orders: DUE });
    }, 120_000);
    afterAll(() => crowd?.close(), 60_000);

    test(`is at SOF within 5 s beside ${DUE} flags of another`, async () => {
      await crowd.flag(BUSY, DUE);
      for (let flag = 0; flag < 3; flag++) expect(await crowd.flagOfQuiet()).toBeLessThan(WITHIN_MS);
    }, 60_000);

    test('and beside that one paused', async () => {
      await crowd.pause([BUSY]);
      for (let flag = 0; flag < 3; flag++) expect(await crowd.flagOfQuiet()).toBeLessThan(WITHIN_MS);
    }, 60_000);

    test('and while the call that probes is not answered', async () => {
      await crowd.hang([BUSY], 1);
      for (let flag = 0; flag < 3; flag++) expect(await crowd.flagOfQuiet()).toBeLessThan(WITHIN_MS);
    }, 60_000);

    test('and beside nineteen that are paused', async () => {
      for (const account of TROUBLED) await crowd.flag(account, 50);
      await crowd.pause(TROUBLED);
      for (let flag = 0; flag < 3; flag++) expect(await crowd.flagOfQuiet()).toBeLessThan(WITHIN_MS);
    }, 60_000);

    test('and beside one that is not paused and whose calls are not answered', async () => {
      await crowd.flag(UNANSWERED, 50);
      await crowd.hang([UNANSWERED], 3);
      for (let flag = 0; flag < 3; flag++) expect(await crowd.flagOfQuiet()).toBeLessThan(WITHIN_MS);
    }, 60_000);
  });
});
