/** A process of its own that tries inputs one after the other, says which it is at, and in the end what it found. */
import { setImmediate } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { deserialize, serialize } from 'node:v8';
import fc from 'fast-check';
import { type Ask, type Found, MOST_GROWTH } from './batch.ts';
import { BrokenPromise, type Fuzz, USUAL_RUNS } from './fuzz.ts';
import { openStanding } from './standing.ts';

const ask = JSON.parse(process.argv[2] ?? '') as Ask;
const fuzz: Fuzz<unknown> = (await import(pathToFileURL(ask.file).href)).default;
const standing = openStanding(ask.standing);
const runs = ask.runs ?? (fuzz.runs ?? USUAL_RUNS)[ask.as];
let tried = 0;
let before: number | null = null;

async function tryOne(input: unknown): Promise<void> {
  standing.tell(tried, serialize(input));
  tried += 1;
  await fuzz.holds(input);
  for (const name in {}) throw new BrokenPromise(`every object has a field ${name} now`);
  // By then everything that is kept on purpose is there, and what is compiled is.
  if (tried === fuzz.known.length + Math.ceil(runs / 5)) before = await heldBytes();
}

/** External memory is the bytes of buffers. */
async function heldBytes(): Promise<number> {
  for (let round = 0; round < 3; round += 1) {
    globalThis.gc?.();
    await setImmediate();
  }
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

async function found(): Promise<Found> {
  const given = ask.input === undefined ? fuzz.known : [deserialize(Buffer.from(ask.input, 'base64'))];
  for (const input of given) {
    const error = await Promise.resolve(tryOne(input)).then(
      () => null,
      (thrown: unknown) => ({ thrown }),
    );
    if (error) return broken(input, error.thrown);
  }
  if (ask.input !== undefined) return { is: 'fine', tried, grown: 0 };
  const property = fc.asyncProperty(fuzz.inputs, tryOne);
  const { failed, counterexample, errorInstance } = await fc.check(property, { seed: ask.seed, numRuns: runs });
  if (failed) return broken(counterexample?.[0], errorInstance);
  const grown = before === null ? 0 : (await heldBytes()) - before;
  return grown > MOST_GROWTH ? { is: 'grows', tried, grown } : { is: 'fine', tried, grown };
}

const broken = (input: unknown, error: unknown): Found => ({
  is: 'broken',
  tried,
  input: serialize(input).toString('base64'),
  shown: fc.stringify(input).slice(0, 2_000),
  words: (error instanceof Error ? (error.stack ?? error.message) : String(error)).slice(0, 4_000),
});

const answer = await found();
await fuzz.close?.();
standing.close();
process.stdout.write(`${JSON.stringify(answer)}\n`);
