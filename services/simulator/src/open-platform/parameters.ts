/** The call's own parameters: ids as bare digits, and JSON texts with ids in them. */
import type { ZodType, z } from 'zod';
import { Digits, parseWithDigits } from '../server/json.ts';
import { Refusal } from '../server/refusal.ts';

/** One id that stands alone in a parameter. `code` is the error with which the call refuses another one. */
export function readId(text: string, code: string): string {
  if (!/^\d+$/.test(text)) throw new Refusal('id_not_bare', code, `E0${code}: "${text}" is not an id`);
  return text;
}

/** A list of ids as `[1,2]`: bare digits, none twice, at most so many. */
export function readIds(text: string, most: number, code: { form: string; size: string }): string[] {
  const parsed = parseJson(text, code.form);
  if (!Array.isArray(parsed) || parsed.length === 0)
    throw new Refusal('bad_parameter', code.form, `E0${code.form}: Invalid list of ids, must use array format [1,2]`);
  const ids = parsed.map((id: unknown) => idOf(id, code.form));
  if (ids.length > most)
    throw new Refusal('batch_too_large', code.size, `E0${code.size}: ${ids.length} ids, at most ${most}`);
  if (new Set(ids).size < ids.length)
    throw new Refusal('bad_parameter', code.form, `E0${code.form}: an id is there twice`);
  return ids;
}

/** A JSON text read by a schema; ids in it are `Digits`. */
export function readJson<Schema extends ZodType>(name: string, text: string, schema: Schema): z.output<Schema> {
  const read = schema.safeParse(parseJson(text, '6'));
  if (read.success) return read.data;
  const [issue] = read.error.issues;
  const where = [name, ...(issue?.path ?? [])].join('.');
  if (issue?.code === 'unrecognized_keys')
    throw new Refusal('unknown_parameter', '6', `Invalid parameter: ${where}: ${issue.message}`);
  const bareId = issue?.code === 'custom' && issue.message === NOT_BARE;
  throw new Refusal(bareId ? 'id_not_bare' : 'bad_parameter', '6', `Invalid parameter: ${where}: ${issue?.message}`);
}

/** @throws Refusal where a batch holds more than the call takes */
export function checkSize(elements: readonly unknown[], most: number): void {
  if (elements.length > most)
    throw new Refusal('batch_too_large', '6', `Invalid parameter: ${elements.length} elements, at most ${most}`);
}

export const NOT_BARE = 'an id must be bare digits';

function idOf(value: unknown, code: string): string {
  if (value instanceof Digits) return value.text;
  throw new Refusal('id_not_bare', code, `For input string: ${JSON.stringify(value)}: ids are bare digits`);
}

function parseJson(text: string, code: string): unknown {
  try {
    return parseWithDigits(text);
  } catch {
    throw new Refusal('bad_parameter', code, `Invalid parameter: ${text.slice(0, 80)} is not JSON`);
  }
}
