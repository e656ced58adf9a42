/** Ids of 18 and more digits survive both ways: Node's `JSON.parse` shows the source text, `JSON.rawJSON` writes it bare. */

// TypeScript's library does not know these two yet.
declare global {
  interface JSON {
    parse(
      text: string,
      reviver: (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown,
    ): unknown;
    rawJSON(text: string): object;
  }
}

/** Parses JSON; whole numbers beyond 2^53 come back as their digits in a string, smaller ones stay numbers. */
export const parseJson = (text: string): unknown =>
  JSON.parse(text, (_key, value, { source }) => (losesDigits(value) && isWhole(source) ? source : value));

const losesDigits = (value: unknown) => typeof value === 'number' && !Number.isSafeInteger(value);
const isWhole = (source: string | undefined) => source !== undefined && /^-?\d+$/.test(source);

/** Something was given as an id that is none, so no request was made of it. */
export class NotAnIdError extends TypeError {
  override readonly name = 'NotAnIdError';
  readonly given: string;

  constructor(given: string) {
    super(`"${given}" is not an id: Lazada's ids are digits without a leading zero`);
    this.given = given;
  }
}

/** True for what can stand in JSON as a number's digits. */
export const isDigits = (id: string): boolean => /^[1-9]\d*$/.test(id);

/** An id for an outgoing JSON text, written as bare digits. @throws NotAnIdError */
export function bareDigits(id: string): object {
  if (!isDigits(id)) throw new NotAnIdError(id);
  return JSON.rawJSON(id);
}
