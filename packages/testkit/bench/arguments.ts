/** What a bench is told on the command line: numbers, whether it is to be quick, and how its rows are wanted. */
import { parseArgs } from 'node:util';

export type Numbers = Readonly<Record<string, number>>;

/** The numbers of a whole run, and those that `--quick` puts in their place. */
export type Options<All extends Numbers> = { readonly usual: All; readonly quick?: Partial<All> };

export type Arguments<All extends Numbers> = {
  readonly options: All;
  /** A missed goal is exit code 1. */
  readonly strict: boolean;
  /** Rows as lines of JSON, and nothing else on the standard output. */
  readonly json: boolean;
};

const SWITCHES = {
  quick: { type: 'boolean', default: false },
  strict: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
} as const;

/** @throws Error that names what is not a number, or not known */
export function readArguments<All extends Numbers>(args: string[], { usual, quick }: Options<All>): Arguments<All> {
  const names = Object.keys(usual);
  const numbers = Object.fromEntries(names.map((name) => [name, { type: 'string' as const }]));
  const { values }: { values: Readonly<Record<string, unknown>> } = parseArgs({
    args,
    options: { ...numbers, ...SWITCHES },
  });
  const given = names.flatMap((name) => (values[name] === undefined ? [] : [[name, numberOf(name, values[name])]]));
  return {
    options: { ...usual, ...(values.quick === true && quick), ...Object.fromEntries(given) },
    strict: values.strict === true,
    json: values.json === true,
  };
}

function numberOf(name: string, text: unknown): number {
  const value = text === '' ? Number.NaN : Number(text);
  if (!Number.isFinite(value) || value < 0) throw new Error(`--${name} ${text}: a number is wanted`);
  return value;
}
