/** JSON with ids as bare digits of any length, which numbers of JavaScript cannot hold. */

// Node 24 has both; TypeScript 7.0 does not declare them.
type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;
const { parse, rawJSON } = JSON as unknown as {
  parse(text: string, reviver: Reviver): unknown;
  rawJSON(text: string): unknown;
};

/** Digits as they stood in the text, without quotes. */
export class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Parses; whole numbers come as `Digits`. */
export function parseWithDigits(text: string): unknown {
  return parse(text, (_key, value, { source }) =>
    typeof value === 'number' && source !== undefined && /^\d+$/.test(source) ? new Digits(source) : value,
  );
}

/** Writes; `Digits` come out bare. In the dialect `text` every number and boolean is a text. */
export function writeJson(value: unknown, dialect: 'plain' | 'text'): string {
  return JSON.stringify(value, (_key, part: unknown) => {
    if (part instanceof Digits) return dialect === 'text' ? part.text : rawJSON(part.text);
    if (dialect === 'text' && (typeof part === 'number' || typeof part === 'boolean')) return String(part);
    return part;
  });
}
