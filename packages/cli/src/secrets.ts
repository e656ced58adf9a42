/**
 * Secrets never stand on a command line, where every user of the machine could read them: they come from a file named by
 * `--…-file` (`-`: standard input), or, where one that is needed is not given, from standard input.
 */
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { WrongUse } from './ending.ts';

export const SECRETS = ['appSecret', 'accessToken', 'refreshToken', 'sofPassword'] as const;
export type SecretName = (typeof SECRETS)[number];
export type Secrets = Partial<Record<SecretName, string>>;

export type SecretSource = {
  /** Option values by name, as commander has them: `appSecretFile`. */
  readonly options: Readonly<Record<string, unknown>>;
  /** Which must be there in the end. */
  readonly needed: readonly SecretName[];
  readonly stdin?: NodeJS.ReadStream;
};

export async function readSecrets({ options, needed, stdin = process.stdin }: SecretSource): Promise<Secrets> {
  const named = SECRETS.flatMap((name) =>
    typeof options[`${name}File`] === 'string' ? [[name, String(options[`${name}File`])] as const] : [],
  );
  if (named.filter(([, file]) => file === '-').length > 1)
    throw new WrongUse('only one --…-file can be - (standard input)');
  const entries = await Promise.all(named.map(async ([name, file]) => [name, await readSecret(file, stdin)] as const));
  const given: Secrets = Object.fromEntries(entries);
  const missing = needed.filter((name) => !given[name]);
  if (missing.length === 0 || stdin.isTTY || named.some(([, file]) => file === '-')) return given;
  return { ...fromText(await text(stdin), missing), ...given };
}

async function readSecret(file: string, stdin: NodeJS.ReadStream): Promise<string> {
  try {
    return (file === '-' ? await text(stdin) : readFileSync(file, 'utf8')).trimEnd();
  } catch {
    throw new WrongUse(`the secret file ${file} cannot be read`);
  }
}

/** A JSON object, lines of `name=value`, or the one secret that is missing. */
function fromText(given: string, missing: readonly SecretName[]): Secrets {
  const whole = given.trim();
  if (whole === '') return {};
  if (whole.startsWith('{')) return picked(parsed(whole));
  const lines = whole.split(/\r?\n/).map((line) => /^([A-Za-z_-]+)=(.*)$/.exec(line));
  if (lines.every((line) => line !== null))
    return picked(Object.fromEntries(lines.map((line) => [camelCase(line[1] ?? ''), line[2]])));
  const [only, another] = missing;
  if (only && !another) return { [only]: whole };
  throw new WrongUse(`standard input must hold lines of name=value, or a JSON object, for ${missing.join(', ')}`);
}

function parsed(json: string): Readonly<Record<string, unknown>> {
  try {
    return JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw new WrongUse('standard input is no JSON object');
  }
}

const picked = (values: Readonly<Record<string, unknown>>): Secrets =>
  Object.fromEntries(SECRETS.flatMap((name) => (typeof values[name] === 'string' ? [[name, values[name]]] : [])));
const camelCase = (name: string) =>
  name.toLowerCase().replace(/[_-]([a-z])/g, (_, letter: string) => letter.toUpperCase());
