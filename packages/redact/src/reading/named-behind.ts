/** Fields that say their value first: `{"value":"…","name":"password"}`, `<input value="…" name="password">`. */
import { nameKind } from '../names.ts';
import type { Found } from './forms.ts';
import { endOfQuoted, lengthAt, quoteAt } from './notation.ts';

/** Looked at and no more, so that the time grows with the text however many are of no name. */
const LONGEST_VALUE = 2_048;
/** Other fields of the same may stand between. */
const LONGEST_BETWEEN = 200;
const BARE = /[^\s,;&{}<>"'\\]+/y;
const OTHER_FIELDS = /[^{}<>]*/y;
const QUOTE = `(?:\\\\{0,8}["']|&quot;)?`;
const NAMED = new RegExp(
  `[\\s,;&"']${QUOTE}(?:name|key|field|type|label|param)${QUOTE}\\s{0,8}[:=]\\s{0,8}${QUOTE}([\\w.-]{1,64})`,
  'gi',
);

/** The value that begins there, where it is of a name behind it that is nobody's business; null otherwise. */
export function namedBehind(text: string, at: number): Found | null {
  const quote = quoteAt(text, at);
  const from = at + (quote?.length ?? 0);
  const written = text.slice(from, from + LONGEST_VALUE);
  const length = quote === null ? lengthAt(BARE, written, 0) : endOfQuoted(written, 0, quote);
  if (length === 0) return null;
  const behind = text.slice(from + length, from + length + LONGEST_BETWEEN);
  const fields = behind.slice(0, lengthAt(OTHER_FIELDS, behind, 0));
  for (const [, name = ''] of fields.matchAll(NAMED)) {
    const kind = nameKind(name);
    if (kind !== null && kind !== 'holder') return { from, to: from + length };
  }
  return null;
}
