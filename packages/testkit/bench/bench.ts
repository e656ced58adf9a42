/** What every bench shares: its options, things to close, the rows that it tells, and the exit code. */
import { Console } from 'node:console';
import { type Numbers, type Options, readArguments } from './arguments.ts';
import { MEASURES, type Measure, type RowId } from './goals.ts';
import { type Found, isMet, rowInWords, rowOf } from './row.ts';

export type BenchContext<All> = {
  readonly options: All;
  /** Closed when the bench is over, the last opened first. */
  closing<Opened extends { close(): unknown }>(opened: Opened): Opened;
  /** Tells what was found beside what was wanted. */
  row(id: RowId, found: Found): void;
  /** One that is in no table, of which there are as many as there are points to measure. */
  point(id: string, measure: Measure, found: Found): void;
};

/** Runs a bench. Its options are numbers with defaults: `--rounds 9`; and `--quick`, `--json`, `--strict`. */
export async function bench<All extends Numbers>(
  options: Options<All>,
  run: (context: BenchContext<All>) => Promise<void>,
): Promise<void> {
  const { json, strict, ...given } = readArguments(process.argv.slice(2), options);
  // Whoever prints something: only rows belong on the standard output then.
  if (json) globalThis.console = new Console(process.stderr);
  const opened: { close(): unknown }[] = [];
  let missed = false;
  function point(id: string, measure: Measure, found: Found) {
    const row = rowOf(id, measure, found);
    const met = isMet(measure, row);
    if (!met) missed = true;
    console.info(rowInWords(row, met));
    if (json) process.stdout.write(`${JSON.stringify(row)}\n`);
  }
  try {
    await run({
      ...given,
      point,
      row: (id, found) => point(id, MEASURES[id], found),
      closing(one) {
        opened.push(one);
        return one;
      },
    });
  } finally {
    for (const one of opened.toReversed()) await one.close();
  }
  if (missed && strict) process.exitCode = 1;
}
