/**
 * What one foreign input is tried with. A property says nothing of what the answer has to be: it says that there is one, within
 * its type, or an error that was promised.
 */
import type fc from 'fast-check';

export type Fuzz<Input> = {
  /** What others' parsers fell over, and our own; tried before anything else. */
  readonly known: readonly Input[];
  readonly inputs: fc.Arbitrary<Input>;
  /** Throws where a promise is broken. */
  holds(input: Input): unknown;
  /** Fewer, where one takes long. */
  readonly runs?: Runs;
  close?(): Promise<void>;
};

export type Runs = { readonly test: number; readonly fuzz: number };
export const USUAL_RUNS: Runs = { test: 10_000, fuzz: 100_000 };

export const defineFuzz = <Input>(fuzz: Fuzz<Input>): Fuzz<Input> => fuzz;

/** A promise that was not kept. */
export class BrokenPromise extends Error {
  override readonly name = 'BrokenPromise';
}

export function promised(isKept: boolean, what: string): asserts isKept {
  if (!isKept) throw new BrokenPromise(what);
}
