/** Reads the settings of a process from its environment. Nothing else looks there. */
import { readFileSync } from 'node:fs';
import { isNativeError } from 'node:util/types';
import { rememberSecrets } from '@lazada-sof/redact';
import { relationMistakes } from './relations.ts';
import { secretsIn } from './settings/secrets-in.ts';
import { type Check, checked, type Setting, type ValueOf } from './settings/setting.ts';
import { type Config, SETTINGS, type SliceName } from './settings.ts';

export { toldInClearText } from './relations.ts';

export type Environment = Readonly<Record<string, string | undefined>>;

/** Settings that cannot be used, one line each; the process ends with exit code 78. No line holds a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(mistakes.join('\n'));
    this.mistakes = mistakes;
  }
}

/** BSD's EX_CONFIG. */
export const EXIT_CONFIG = 78;

/** What settings are checked for beyond their form, by slice and name: rules of packages that this one does not know. */
export type Checks<Slice extends SliceName = SliceName> = {
  readonly [Name in Slice]?: {
    readonly [Key in keyof (typeof SETTINGS)[Name]]?: Check<NonNullable<ValueOf<(typeof SETTINGS)[Name][Key]>>>;
  };
};

/** The settings of these slices; their secrets are masked from then on, whatever is logged. @throws ConfigError with every mistake at once */
export function readConfig<Slice extends SliceName>(
  slices: readonly Slice[],
  env: Environment = process.env,
  checks: Checks<NoInfer<Slice>> = {},
): Config<Slice> {
  const mistakes = new Set<string>();
  const config = Object.fromEntries(
    slices.map((slice) => [slice, readSlice(withChecks(SETTINGS[slice], checks[slice]), env, mistakes)]),
  ) as Config<Slice>; // The table's own types: each value comes from the setting of that slice and key.
  for (const mistake of relationMistakes(config as Partial<Config>)) mistakes.add(mistake);
  if (mistakes.size > 0) throw new ConfigError([...mistakes]);
  return config;
}

/**
 * For whoever looks at an installation that need not be whole: those of these slices whose required settings are there, and
 * the names of the required ones that are not. @throws ConfigError with every mistake in what was set
 */
export function readWhatIsSet<Slice extends SliceName>(
  slices: readonly Slice[],
  env: Environment = process.env,
  checks?: Checks<NoInfer<Slice>>,
): { config: Partial<Config<Slice>>; notSet: readonly string[] } {
  const isLeftOut = (setting: Setting) => {
    const { text, mistake } = givenText(setting, env);
    return setting.required && text === undefined && mistake === undefined;
  };
  const leftOut = (slice: Slice) => Object.values<Setting>(SETTINGS[slice]).filter(isLeftOut);
  const whole = slices.filter((slice) => leftOut(slice).length === 0);
  return {
    config: readConfig<Slice>(whole, env, checks),
    notSet: slices.flatMap((slice) => leftOut(slice).map(({ name }) => name)),
  };
}

function withChecks(slice: Readonly<Record<string, Setting>>, checks: object = {}): Readonly<Record<string, Setting>> {
  // Each check is typed by the value of the setting whose name it has.
  const byKey = checks as Readonly<Record<string, Check<unknown> | undefined>>;
  return Object.fromEntries(Object.entries(slice).map(([key, setting]) => [key, checked(setting, byKey[key])]));
}

function readSlice(slice: Readonly<Record<string, Setting>>, env: Environment, mistakes: Set<string>) {
  return Object.fromEntries(Object.entries(slice).map(([key, setting]) => [key, readSetting(setting, env, mistakes)]));
}

function readSetting(setting: Setting, env: Environment, mistakes: Set<string>): unknown {
  const given = givenText(setting, env);
  if (given.mistake) {
    mistakes.add(given.mistake);
    return undefined;
  }
  const written = given.text ?? setting.default;
  if (written === undefined) {
    if (setting.required) mistakes.add(missing(setting));
    return undefined;
  }
  if (setting.secret) rememberSecrets(secretsIn(written));
  const parsed = setting.type.safeParse(written);
  if (parsed.success) return parsed.data;
  const shown = setting.secret ? `${setting.name} (not shown)` : `${setting.name}=${JSON.stringify(written)}`;
  mistakes.add(`${shown} cannot be used: ${parsed.error.issues[0]?.message}`);
  return undefined;
}

/** An empty variable counts as left out: compose files hand those on. */
function givenText(setting: Setting, env: Environment): { text?: string | undefined; mistake?: string } {
  const direct = env[setting.name] || undefined;
  const file = setting.secret ? env[`${setting.name}_FILE`] || undefined : undefined;
  if (!file) return { text: direct };
  if (direct) return { mistake: `${setting.name} and ${setting.name}_FILE are both set: leave one of them out` };
  try {
    return { text: readFileSync(file, 'utf8').trim() || undefined };
  } catch (error) {
    const reason = isNativeError(error) && 'code' in error ? String(error.code) : 'unreadable';
    return { mistake: `${setting.name}_FILE=${JSON.stringify(file)} cannot be read (${reason}): name a readable file` };
  }
}

function missing({ name, secret, example }: Setting): string {
  const orFile = secret ? `, or ${name}_FILE to a file that holds it` : '';
  return `${name} is missing: set it, for example to ${example}${orFile}`;
}
