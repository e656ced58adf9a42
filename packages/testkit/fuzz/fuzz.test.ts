/** Every foreign input, with the same inputs each time; `npm run fuzz` tries others, and more. */
import { expect, test } from '@jest/globals';
import { runBatch } from './batch.ts';
import { inWords } from './in-words.ts';
import { fileOf, USUAL_NAMES } from './names.ts';

const SEED = 1;
/** A batch has its own limits; this is for a machine on which everything takes ten times as long. */
const LONGEST_MS = 600_000;

test.each(USUAL_NAMES)(
  '%s: an answer or an error that is promised, at once, and nothing stays of it',
  async (name) => {
    const found = await runBatch({ file: fileOf(name), as: 'test', seed: SEED });
    expect(found.is === 'fine' || inWords(name, SEED, found)).toBe(true);
  },
  LONGEST_MS,
);
