/** `npm run fuzz [-- NAME …] [--seed N] [--runs N] [--input BASE64]`: with another seed each time, which it tells. */
import { randomInt } from 'node:crypto';
import { parseArgs } from 'node:util';
import { runBatch } from './batch.ts';
import { inWords } from './in-words.ts';
import { fileOf, SLOW_NAMES, USUAL_NAMES } from './names.ts';

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { seed: { type: 'string' }, runs: { type: 'string' }, input: { type: 'string' } },
});
const all = [...USUAL_NAMES, ...SLOW_NAMES];
const unknown = positionals.filter((name) => !all.includes(name));

if (unknown.length > 0) fail(`There is no ${unknown.join(', ')} to fuzz; there are: ${all.join(', ')}.`);
else if (values.input !== undefined && positionals.length !== 1) fail('--input is one of a NAME.');
else await fuzz(positionals.length > 0 ? positionals : all);

async function fuzz(names: readonly string[]): Promise<void> {
  const seed = numberOf('--seed', values.seed) ?? randomInt(2 ** 31);
  const [runs, { input }] = [numberOf('--runs', values.runs), values];
  for (const name of names) {
    const found = await runBatch({ file: fileOf(name), as: 'fuzz', seed, runs, input });
    if (found.is === 'fine') console.info(inWords(name, seed, found));
    else fail(inWords(name, seed, found));
  }
}

function numberOf(option: string, written: string | undefined): number | undefined {
  if (written === undefined) return undefined;
  if (!/^\d{1,9}$/.test(written)) throw new Error(`${option} ${written}: a whole number is wanted`);
  return Number(written);
}

function fail(words: string): void {
  console.error(words);
  process.exitCode = 1;
}
