/**
 * Secrets never stand on a command line, where every user of the machine could read them: they come from a file named by
 * `--…-file` (`-`: standard input), or, where one that is needed is not given, from standard input.
 */
import { readFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { UsageError } from './errors.ts';

export const SECRETS = ['appSecret', 'accessToken', 'refreshToken', 'sofPassword'] as const;
export type SecretName = (typeof SECRETS)[number];
export type Secrets = Partial<Record<SecretName, string>>;

type SecretSource = {
  /** Option values by name, as commander has them: `appSecretFile`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which must be there in the end. */
  readonly needed: readonly SecretName[];
  readonly stdin?: Readable & { isTTY?: boolean };
};

export async function readSecrets({ options, needed, stdin = process.stdin }: SecretSource): Promise<Secrets> {
  const named = SECRETS.flatMap((name) =>
    typeof options[`${name}File`] === 'string' ? [[name, String(options[`${name}File`])] as const] : [],
  );
  if (named.filter(([, file]) => file === '-').length > 1)
    throw new UsageError('only one --…-file can be - (standard input)');
  const read = await Promise.allSettled(
    named.map(async ([name, file]) => [name, await readSecret(file, { stdin, what: 'secret file' })]),
  );
  const unreadable = read.flatMap((one) => (one.status === 'rejected' ? [(one.reason as Error).message] : []));
  if (unreadable.length > 0) throw new UsageError(...unreadable);
  const given: Secrets = Object.fromEntries(read.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : [])));
  const missing = needed.filter((name) => !given[name]);
  if (missing.length === 0 || stdin.isTTY || named.some(([, file]) => file === '-')) return given;
  return { ...fromText(await text(stdin), missing), ...given };
}

/** Of a file, or (`-`) of standard input, without the line's end. @throws UsageError that names it, as `what` it is */
export async function readSecret(
  file: string,
  { stdin = process.stdin, what }: { stdin?: Readable; what: string },
): Promise<string> {
  try {
    return (file === '-' ? await text(stdin) : readFileSync(file, 'utf8')).trimEnd();
  } catch {
    throw new UsageError(`the ${what} ${file} cannot be read: name a readable file, or - for standard input`);
  }
}

/** A JSON object, lines of `name=value`, or the one secret that is missing. */
function fromText(given: string, missing: readonly SecretName[]): Secrets {
  const whole = given.trim();
  if (whole === '') return {};
  if (whole.startsWith('{')) return picked(Object.entries(parsed(whole)));
  const lines = whole.split(/\r?\n/);
  const named = lines.flatMap((line) => {
    const [, name, value] = /^([A-Za-z_-]+)=(.*)$/.exec(line) ?? [];
    return name === undefined ? [] : [[name, value] as const];
  });
  // A secret of its own may hold a "=" too.
  if (named.length === lines.length && named.some(([name]) => isSecret(camelCase(name)))) return picked(named);
  const [only, another] = missing;
  if (only && !another && lines.length === 1) return { [only]: whole };
  throw new UsageError(`standard input must hold lines of name=value, or a JSON object, for ${missing.join(', ')}`);
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new UsageError('standard input begins like a JSON object and is none; a secret can also be a file: --…-file');
  }
}

function picked(entries: readonly (readonly [name: string, value: unknown])[]): Secrets {
  const values = entries.map(([name, value]) => [camelCase(name), value] as const);
  const mistakes = values.flatMap(([name, value]) => {
    if (!isSecret(name)) return [`standard input: ${name} is none of ${SECRETS.join(', ')}`];
    return typeof value === 'string' ? [] : [`standard input: ${name} must be text`];
  });
  if (mistakes.length > 0) throw new UsageError(...mistakes);
  return Object.fromEntries(values);
}

const isSecret = (name: string): name is SecretName => SECRETS.some((secret) => secret === name);
/** As fields are called: also from `APP_SECRET` and `app-secret`. */
function camelCase(name: string): string {
  const [first = '', ...rest] = /[_-]/.test(name) ? name.toLowerCase().split(/[_-]+/) : [name];
  return first + rest.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('');
}
