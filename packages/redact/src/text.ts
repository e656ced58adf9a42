/**
 * Takes secrets and buyers' data out of a text of any notation, in one pass: a pattern without repetitions finds the words
 * that may begin something, a reader for each notation says from there where the value ends, and nothing is looked at again.
 * So the time grows with the length of the text, whatever stands in it.
 */

import { type NameKind, nameKind } from './names.ts';
import { printable } from './printable.ts';
import { beginsPair, endOfBare, isProse } from './reading/bare.ts';
import { endOfBracketed } from './reading/bracketed.ts';
import { contentOfElement, endOfElement } from './reading/element.ts';
import { type Found, formsIn, type Place } from './reading/forms.ts';
import { namedBehind } from './reading/named-behind.ts';
import { afterBlanks, afterSeparator, endOfQuoted, isName, isWord, lengthAt, quoteAt } from './reading/notation.ts';
import { REDACTED } from './redacted.ts';
import { withoutKnownSecrets } from './values/known-secrets.ts';

export type Redacting = {
  /** Words of others: e-mail addresses and telephone numbers are known by their form too. */
  readonly foreign?: boolean;
};

/** The text without secrets (by name, form and value), without buyers' data, and without control characters. */
export const redactText = (text: string, { foreign = false }: Redacting = {}): string =>
  withoutNamed(withoutKnownSecrets(printable(text)), foreign ? FOREIGN : OURS);

/** The name of a field: ours, so no value of a secret is looked for, which would take names out of every line. */
export const redactName = (name: string): string => withoutNamed(printable(name), OURS);

const PARTY = 'customer|buyer|recipient|receiver|consignee|billing|shipping|delivery|contact';
const NAMES = [
  'pass(?:word|wd|phrase|code)|pwd|\\bpass\\b|secret|token|jwt|credential|signed[-_ ]?by|sign|verifier|session|csrf|authori[sz]ation|\\bauth\\b|cookie',
  '(?:api|access|private|encryption|signing|master|auth|session)[-_ ]?key',
  `(?:first|last|full|middle|given|family|${PARTY}|ship[-_]?to|bill[-_]?to)[-_ ]?name`,
  `phone|mobile|e-?mail|surname|addr(?:ess)?|house[-_ ]?(?:no|number)|street|post(?:al)?[-_ ]?code|zip|city|tax[-_ ]?code|(?:ship|bill|deliver)[-_ ]?to|\\bward\\b|\\bhp\\b|\\btel(?:[-_ ]?(?:no|number))?\\b|\\bto[-_]?name\\b|registration|person|${PARTY}`,
  '\\bvalue\\b|\\bval\\b|\\bcontent\\b',
].join('|');
type Anchors = { readonly forms: ReturnType<typeof formsIn>; readonly pattern: RegExp };

function anchorsOf(forms: ReturnType<typeof formsIn>): Anchors {
  const begins = Object.values(forms).map((form) => form.begins);
  return { forms, pattern: new RegExp([...begins, NAMES].join('|'), 'gi') };
}
const OURS = anchorsOf(formsIn({ foreign: false }));
const FOREIGN = anchorsOf(formsIn({ foreign: true }));

function withoutNamed(text: string, { forms, pattern }: Anchors): string {
  let shown = '';
  let kept = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const at = { start: match.index, end: pattern.lastIndex, floor: kept };
    const form = forms[text[at.end - 1] ?? ''];
    const found = form ? (form.read(text, at) ?? at.end) : readNamed(text, at);
    if (typeof found === 'number') {
      pattern.lastIndex = found;
      continue;
    }
    shown += text.slice(kept, found.from) + REDACTED;
    kept = found.to;
    pattern.lastIndex = Math.max(found.to, at.start + 1);
  }
  return kept === 0 ? text : shown + text.slice(kept);
}

const LONGEST_NAME = 64;

/** What stands behind a name; the place behind the name where that is nothing to hide. */
function readNamed(text: string, at: Place): Found | number {
  const name = wholeName(text, at);
  const content = contentOfElement(text, name);
  const from = content < 0 ? valueAfter(text, name.end) : content;
  if (from < 0) return name.end;
  const written = text.slice(name.start, name.end);
  const kind = nameKind(written);
  if (kind === null) return (NAMED_BEHIND.test(written) && namedBehind(text, from)) || name.end;
  if (content >= 0) return hidden(content, endOfElement(text, content, written)) ?? content;
  return readValue(text, from, kind) ?? Math.max(name.end, from);
}

function wholeName(text: string, { start, end, floor }: Place) {
  const least = Math.max(floor, start - LONGEST_NAME);
  const most = end + LONGEST_NAME;
  let from = start;
  while (from > least && isName(text.charCodeAt(from - 1))) from--;
  if (text[from - 1] === '\\') from += Math.min(lengthAt(ESCAPE, text, from), start - from);
  let to = end;
  while (to < most && isName(text.charCodeAt(to))) to++;
  to += lengthAt(SUBSCRIPTS, text, to);
  while (to > end && /[.-]/.test(text[to - 1] ?? '')) to--;
  return { start: from, end: to };
}

/** Of JSON, the backslash before it: a line's end, a character by its number. */
const ESCAPE = /u[\da-f]{4}|[bfnrt]/iy;
/** `recipient[name]`, also as a form has it. */
const SUBSCRIPTS = /(?:\[[\w.-]{1,64}\]|%5B[\w.-]{1,64}%5D){1,8}/iy;
/** `phone number:`, `"Address line 1":`, `[password] =>` */
const MORE_OF_NAME = /\]|(?: (?:number|no\.?|line|\d|value|header|is)){0,2}/iy;
/** `"name":"password","value":"…"`, `name="password" value="…"` */
const VALUE_ELSEWHERE = /[\s,]{1,16}\\{0,8}["']?(?:value|val|content)\\{0,8}["']?\s{0,8}(?=[:=])/iy;

/** Where the value begins that belongs to the name that ended here; -1 where none does. */
function valueAfter(text: string, end: number): number {
  let at = end;
  at += lengthAt(MORE_OF_NAME, text, at);
  const quote = quoteAt(text, at);
  at += quote?.length ?? 0;
  if (quote !== null) at += lengthAt(VALUE_ELSEWHERE, text, at);
  const separated = afterSeparator(text, afterBlanks(text, at));
  return separated < 0 ? -1 : afterBlanks(text, separated);
}

/** `"value":"…","name":"password"`: what may stand before its name. */
const NAMED_BEHIND = /^(?:value|val|content)$/i;

/** `Basic …`, `Bearer …`: how it is signed in may be seen. */
const SCHEME = /(?:JWT|Bearer|Basic|Token|Digest) +(?=\S)/iy;

function readValue(text: string, at: number, kind: NameKind): Found | null {
  const quote = quoteAt(text, at);
  if (quote !== null) return readQuoted(text, at + quote.length, quote, kind);
  if (text[at] === '{' || text[at] === '[') return readBracketed(text, at);
  if (kind === 'holder' || isProse(text, at)) return null;
  if (kind === 'buyer' && beginsPair(text, at)) return null;
  const from = at + lengthAt(SCHEME, text, at);
  return hidden(from, endOfBare(text, from, kind));
}

/** `"password":["This field is required."]` tells of no password. */
const SENTENCE = /this field /iy;

function readQuoted(text: string, from: number, quote: NonNullable<ReturnType<typeof quoteAt>>, kind: NameKind) {
  const isObject = text[from] === '{' || text[from] === '[';
  if (lengthAt(SENTENCE, text, from) > 0 || (kind === 'holder' && !isObject)) return null;
  const scheme = kind === 'header' ? lengthAt(SCHEME, text, from) : 0;
  return hidden(from + scheme, endOfQuoted(text, from, quote));
}

function readBracketed(text: string, at: number): Found | null {
  const first = at + 1 + (quoteAt(text, at + 1)?.length ?? 0);
  if (lengthAt(SENTENCE, text, first) > 0) return null;
  // What was hidden before looks like a list; what hangs on it is more of the value.
  const end = endOfBracketed(text, at);
  return hidden(at, isWord(text.charCodeAt(end)) ? endOfBare(text, end, 'secret') : end);
}

const hidden = (from: number, to: number): Found | null => (to > from ? { from, to } : null);
