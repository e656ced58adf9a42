/** Objects and lists: `{"name":"…"}`, `{ street: '…' }`, also within a text of JSON. */
import { endOfQuoted, isBlank, quoteAt } from './notation.ts';

/** Behind the bracket that closes the one at this place; the text's end where it is cut. */
export function endOfBracketed(text: string, from: number): number {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    switch (text[at]) {
      case '{':
      case '[':
        depth++;
        break;
      case '}':
      case ']':
        depth--;
        if (depth === 0) return at + 1;
        break;
      default:
        at = behindQuoted(text, at);
    }
  }
  return text.length;
}

/** The last place of a quoted text that begins here; this place where none does. */
function behindQuoted(text: string, at: number): number {
  const quote = quoteAt(text, at);
  // An apostrophe within a word opens nothing.
  if (quote === null || !opensAfter(text, at)) return at;
  const from = at + quote.length;
  return Math.min(endOfQuoted(text, from, quote) + quote.length, text.length) - 1;
}

const OPENERS = '{[(:,=>';

function opensAfter(text: string, at: number): boolean {
  let before = at - 1;
  while (before >= 0 && at - before < 16 && isBlank(text.charCodeAt(before))) before--;
  return OPENERS.includes(text[before] ?? '');
}
