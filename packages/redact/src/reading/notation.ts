/** How names and values are written: quotes, separators, blanks. Each reader looks at one place and never goes back. */

/** A quote as it stands: `"`, `\"` within a text in JSON, `&quot;` in HTML, `%22` in an address. */
export type Quote = {
  /** What ends the value, without the escapes before it. */
  readonly mark: string;
  readonly escape: string;
  /** How many escapes stand before the mark: none, one in a text of JSON, three in a text in a text. */
  readonly depth: number;
  readonly length: number;
};

const ENTITY = /&(?:amp;)?(?:quot|apos|#34|#39|#x22|#x27);/iy;

/** The quote that begins at this place; null where none does. */
export function quoteAt(text: string, at: number): Quote | null {
  const code = text.charCodeAt(at);
  if (isWord(code) && code < CURLY_FROM) return null;
  switch (code) {
    case 34: // "
    case 39: // '
    case 96: // `
      return plainQuote(text[at] ?? '');
    case BACKSLASH:
      return escapedQuoteAt(text, at);
    case 38: // &
      return entityAt(text, at);
    case PERCENT:
      return encodedQuoteAt(text, at);
    case 0xab: // «
      return plainQuote('»');
    default:
      return code < CURLY_FROM ? null : curlyQuoteAt(text, at);
  }
}

const plainQuote = (mark: string): Quote => ({ mark, escape: '\\', depth: 0, length: 1 });

const CURLY_FROM = 0x2018;
const CURLY: Readonly<Record<string, string>> = { '“': '”', '‘': '’', '„': '“' };

function curlyQuoteAt(text: string, at: number): Quote | null {
  const mark = CURLY[text[at] ?? ''];
  return mark === undefined ? null : plainQuote(mark);
}

function entityAt(text: string, at: number): Quote | null {
  const length = lengthAt(ENTITY, text, at);
  return length === 0 ? null : { mark: text.slice(at, at + length), escape: '\\', depth: 0, length };
}

function encodedQuoteAt(text: string, at: number): Quote | null {
  const mark = text.slice(at, at + 3);
  return mark === '%22' || mark === '%27' ? { mark, escape: '%5C', depth: 0, length: 3 } : null;
}

const DEEPEST = 64;

function escapedQuoteAt(text: string, at: number): Quote | null {
  let end = at;
  while (text[end] === '\\' && end - at < DEEPEST) end++;
  const depth = end - at;
  if (text.startsWith('u0022', end) || text.startsWith('u0027', end)) {
    return { mark: text.slice(end, end + 5), escape: '\\', depth, length: depth + 5 };
  }
  const mark = text[end];
  return mark === '"' || mark === "'" ? { mark, escape: '\\', depth, length: depth + 1 } : null;
}

/** Where what the quote opened ends, before the closing quote; the text's end where it is cut. */
export function endOfQuoted(text: string, from: number, quote: Quote): number {
  const { mark, depth } = quote;
  for (let at = text.indexOf(mark, from); at >= 0; at = text.indexOf(mark, at + mark.length)) {
    const escapes = escapesBefore(text, at, { from, sign: quote.escape });
    const isEnd =
      mark === '"' ? closes(escapes, depth) : closesForeign(escapes, quote, text.charCodeAt(at + mark.length));
    if (isEnd) return at - Math.min(escapes, depth) * quote.escape.length;
  }
  return text.length;
}

function escapesBefore(text: string, at: number, { from, sign }: { from: number; sign: string }): number {
  let end = at;
  while (end - sign.length >= from && text.startsWith(sign, end - sign.length)) end -= sign.length;
  return (at - end) / sign.length;
}

/**
 * JSON leaves these marks as they are, whatever it does to the escapes before them: two escapes are an escaped one, or the
 * end of a value and its own. The longer reading hides more.
 */
const closesForeign = (escapes: number, { mark, depth }: Quote, next: number): boolean =>
  escapes <= depth && (mark !== "'" || !isWord(next)); // O'Brien

/** Fewer escapes: whatever holds the value ended. As many: this is its end; a multiple on top stands for escapes in the value. */
const closes = (escapes: number, depth: number): boolean => escapes < depth || escapes % (2 * (depth + 1)) === depth;

/** Behind blanks, also as they are written in JSON (`\n`) and addresses (`%20`). */
export function afterBlanks(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (isBlank(code)) at++;
    else if (code === BACKSLASH && isBlankEscape(text.charCodeAt(at + 1))) at += 2;
    else if (code === PERCENT && text.startsWith('%20', at)) at += 3;
    else return at;
  }
}

const SEPARATOR = /=&gt;|=>|:=|={1,3}|:(?!\/\/)|%3[AD]|\\u003[ad]/iy;

/** Behind what stands between a name and its value; -1 where nothing of the kind does. */
export function afterSeparator(text: string, at: number): number {
  const length = lengthAt(SEPARATOR, text, at);
  return length === 0 ? -1 : at + length;
}

/** How much of the text a sticky pattern takes at this place. */
export function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex - at : 0;
}

const BACKSLASH = 92;
const PERCENT = 37;

export const isBlank = (code: number): boolean => code === 32 || (code >= 9 && code <= 13) || code === 0xa0;
/** n, r, t */
export const isBlankEscape = (code: number): boolean => code === 110 || code === 114 || code === 116;

/** A letter of any script, or a digit. */
export const isWord = (code: number): boolean =>
  (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57) || code >= 0xc0;

/** What names consist of: letters, digits, `_`, `-`, `.`. */
export const isName = (code: number): boolean =>
  (code >= 97 && code <= 122) ||
  (code >= 65 && code <= 90) ||
  (code >= 48 && code <= 57) ||
  code === 95 ||
  code === 45 ||
  code === 46;
