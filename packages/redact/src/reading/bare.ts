/** Values without quotes: `password: x`, `sign=…&x=1`, `address=12 Orchard Road`. */

import type { NameKind } from '../names.ts';
import { REDACTED } from '../redacted.ts';
import { afterSeparator, endOfQuoted, isBlank, isBlankEscape, isName, isWord, lengthAt, quoteAt } from './notation.ts';

const LONGEST_NAME = 64;

/** Where it ends. A secret is one word, a buyer's name or address several, of a header all that its line has. */
export function endOfBare(text: string, from: number, kind: NameKind): number {
  let at = from;
  while (at < text.length) {
    const behind = kind === 'buyer' && at > from ? behindNickname(text, at) : at;
    if (behind === at && endsAt(text, at, kind)) break;
    at = Math.max(behind, at + 1);
  }
  return withoutMarks(text, from, at);
}

/** `Canary "Bird" Lee`: behind the quotes that open here; this place where none do. */
function behindNickname(text: string, at: number): number {
  if (!isBlank(text.charCodeAt(at - 1))) return at;
  const quote = quoteAt(text, at);
  if (quote === null || !isWord(text.charCodeAt(at + quote.length))) return at;
  return Math.min(endOfQuoted(text, at + quote.length, quote) + quote.length, text.length);
}

function endsAt(text: string, at: number, kind: NameKind): boolean {
  const code = text.charCodeAt(at);
  switch (code) {
    case 10: // line feed
    case 13: // carriage return
    case 34: // "
    case 60: // <
    case 96: // `
      return true;
    case 39: // '
      return !(isWord(text.charCodeAt(at - 1)) && isWord(text.charCodeAt(at + 1)));
    case 92: // \
      return endsAtBackslash(text.charCodeAt(at + 1));
    case 38: // &
      return kind === 'secret' || lengthAt(MARKUP, text, at) > 0 || beginsPair(text, at + 1);
    case 62: // >
      return kind !== 'header';
    case 44: // ,
    case 59: // ;
    case 124: // |
      return kind !== 'header' && beginsPair(text, at + 1);
    default:
      return (
        isBlank(code) && (kind === 'secret' || (kind === 'buyer' && mayBeginPair(text, at) && beginsPair(text, at + 1)))
      );
  }
}

const MARKUP = /&(?:amp|lt|gt|quot|apos|#\d+|#x[\da-f]+);/iy;
/** The last of several blanks; behind a comma it was asked already. */
const mayBeginPair = (text: string, at: number): boolean =>
  !isBlank(text.charCodeAt(at + 1)) && !LISTS.has(text.charCodeAt(at - 1));
const LISTS = new Set([...',;|'].map((mark) => mark.charCodeAt(0)));

/** The end of a text in JSON, or a line's end in one. */
const endsAtBackslash = (next: number): boolean =>
  isBlankEscape(next) || next === 34 || next === 39 || next === 117 || next === 92;

/** True where another name and its value begin: `phone=`, `"order_number":`. */
export function beginsPair(text: string, from: number): boolean {
  let at = from;
  while (isBlank(text.charCodeAt(at)) && at - from < LONGEST_NAME) at++;
  at += quoteAt(text, at)?.length ?? 0;
  const name = at;
  while (isName(text.charCodeAt(at)) && at - name < LONGEST_NAME) at++;
  if (at === name) return false;
  at += quoteAt(text, at)?.length ?? 0;
  if (isBlank(text.charCodeAt(at))) at++;
  return afterSeparator(text, at) >= 0;
}

/** The sentence's own marks behind it. */
function withoutMarks(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && isMark(text, at - 1)) at--;
  return at;
}

function isMark(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  // The last of what was hidden before is none.
  if (code === 93) return !text.endsWith(REDACTED, at + 1);
  return isBlank(code) || MARKS.has(code);
}
const MARKS = new Set([...',.;:)}|'].map((mark) => mark.charCodeAt(0)));

/** Words of a sentence about a value, and of programs for none: `token: expired`, `phone: is required`. */
const PROSE = new Set(
  'a,an,and,any,are,as,at,be,been,blank,by,can,cannot,closed,could,denied,does,doesn,empty,error,expected,expired,expires,failed,failure,false,field,for,format,forbidden,given,has,have,if,in,incorrect,invalid,is,it,length,malformed,may,mismatch,missing,must,no,none,not,null,ok,on,or,please,refused,rejected,required,revoked,should,that,the,this,to,too,true,undefined,unauthorized,unexpected,unknown,unsupported,valid,value,was,will,with,wrong,your'.split(
    ',',
  ),
);
const LONGEST_PROSE = 12;

/** True where a sentence goes on and no value stands: the word is all that a value could be there. `ok.Secret` is one. */
export function isProse(text: string, from: number): boolean {
  let end = from;
  while (isLetter(text.charCodeAt(end)) && end - from <= LONGEST_PROSE) end++;
  return PROSE.has(text.slice(from, end).toLowerCase()) && endsWord(text, end + lengthAt(NOT, text, end));
}

/** Of `doesn't`. */
const NOT = /['’]t(?![\w-])/y;
const MOST_MARKS = 8;
const SENTENCE_MARKS = new Set([...',.:;!?…()[]{}'].map((mark) => mark.charCodeAt(0)));

/** True where nothing but marks stands before a blank, the end, or whatever else ends a value. */
function endsWord(text: string, from: number): boolean {
  let at = from;
  while (at < text.length && !endsAt(text, at, 'secret')) {
    if (at - from >= MOST_MARKS || !SENTENCE_MARKS.has(text.charCodeAt(at))) return false;
    at++;
  }
  return true;
}

const isLetter = (code: number): boolean => (code >= 97 && code <= 122) || (code >= 65 && code <= 90);
