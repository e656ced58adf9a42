/**
 * What may reach a terminal. Control characters steer it (colours, titles, the cursor, the clipboard), and those of
 * direction show a text in another order than it has: https://trojansource.codes.
 */

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/;
const ALL_STEERING = new RegExp(STEERING, 'g');
const CARRIAGE_RETURNS = /\r\n?/g;

/** The text without anything that steers a terminal; lines and tabs stay. */
export function printable(text: string): string {
  if (!STEERING.test(text)) return text;
  return text.replaceAll(CARRIAGE_RETURNS, '\n').replaceAll(ALL_STEERING, '');
}

/** The same on one line, whatever stood between its words. */
export const oneLine = (text: string): string => printable(text).replaceAll(/\s+/g, ' ').trim();

/** The same for a JSON text, which loses nothing: what JSON lets stand as it is becomes an escape. */
export function printableJson(json: string): string {
  if (!STEERING.test(json)) return json;
  return json.replaceAll(ALL_STEERING, (one) => `\\u${one.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
