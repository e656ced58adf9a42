/** What every bench shares: numbers from the command line, things to close, goals, and the exit code. */
import { parseArgs } from 'node:util';
import { figure } from './measure.ts';

export type Goal = { readonly what: string; readonly value: number } & (
  | { readonly atLeast: number }
  | { readonly atMost: number }
);

export type BenchContext<Options> = {
  readonly options: Options;
  /** Closed when the bench is over, the last opened first. */
  closing<Opened extends { close(): unknown }>(opened: Opened): Opened;
  /** Prints what was reached beside what was wanted. */
  goal(goal: Goal): void;
};

type Numbers = Readonly<Record<string, number>>;

/** Runs a bench. Its options are numbers with defaults: `--rounds 9`. With `--strict` a missed goal is exit code 1. */
export async function bench<Options extends Numbers>(
  defaults: Options,
  run: (context: BenchContext<Options>) => Promise<void>,
): Promise<void> {
  const { options, strict } = readArguments(defaults);
  const opened: { close(): unknown }[] = [];
  let missed = false;
  try {
    await run({
      options,
      closing(one) {
        opened.push(one);
        return one;
      },
      goal(goal) {
        if (!tell(goal)) missed = true;
      },
    });
  } finally {
    for (const one of opened.toReversed()) await one.close();
  }
  if (missed && strict) process.exitCode = 1;
}

function tell(goal: Goal): boolean {
  const [wanted, isMet] =
    'atLeast' in goal
      ? [`at least ${goal.atLeast}`, goal.value >= goal.atLeast]
      : [`at most ${goal.atMost}`, goal.value <= goal.atMost];
  console.info(`  ${goal.what}: ${figure(goal.value)}, goal ${wanted}: ${isMet ? 'met' : 'MISSED'}`);
  return isMet;
}

function readArguments<Options extends Numbers>(defaults: Options): { options: Options; strict: boolean } {
  const names = Object.keys(defaults);
  const { values }: { values: Readonly<Record<string, unknown>> } = parseArgs({
    options: {
      strict: { type: 'boolean', default: false },
      ...Object.fromEntries(names.map((name) => [name, { type: 'string' as const }])),
    },
  });
  const given = names.map((name) => [name, numberOf(name, values[name]) ?? defaults[name]]);
  return { options: Object.fromEntries(given), strict: values.strict === true };
}

function numberOf(name: string, text: unknown): number | undefined {
  if (text === undefined) return undefined;
  const value = Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} ${text}: a number is wanted`);
  return value;
}
