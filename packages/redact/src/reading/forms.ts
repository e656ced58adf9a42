/** What is known by its form alone, wherever it stands. */
import { isBlank, isWord } from './notation.ts';

/** Where the beginning of a form stands; what lies before `floor` was dealt with. */
export type Place = { readonly start: number; readonly end: number; readonly floor: number };
/** From where to where something is hidden. */
export type Found = { readonly from: number; readonly to: number };

/** Finds what is to be hidden at a place that begins like it; null where it is something else. */
type Form = {
  /** Part of a pattern without repetitions. Its last character is no other form's, and no name's. */
  readonly begins: string;
  read(text: string, at: Place): Found | null;
};

/** By the last character of what they begin with. */
const EVERYWHERE: Readonly<Record<string, Form>> = {
  '/': { begins: ':\\/\\/', read: passwordOfAddress },
  '-': { begins: 'PRIVATE KEY-----', read: keyBlock },
  J: { begins: '\\beyJ', read: webToken },
  ' ': { begins: '\\b(?:JWT|Bearer|Basic) ', read: credentials },
  '=': { begins: '[?&](?:code|state|sig)=', read: parameter },
};
/** Ours name machines and people who use the system. */
const IN_WORDS_OF_OTHERS: Readonly<Record<string, Form>> = {
  '@': { begins: '(?<=[\\w.+%-])@(?=[a-z\\d-]{1,63}\\.[a-z\\d])', read: mailAddress },
  '+': { begins: '\\+(?=\\d)', read: telephone },
};

export const formsIn = ({ foreign }: { foreign: boolean }): Readonly<Record<string, Form>> =>
  foreign ? { ...EVERYWHERE, ...IN_WORDS_OF_OTHERS } : EVERYWHERE;

/** `scheme://user:password@host`: the password; all before the `@` where it is long and has no colon. */
function passwordOfAddress(text: string, { end }: Place): Found | null {
  const authority = text.slice(end, endOf(AUTHORITY, text, end));
  const host = authority.lastIndexOf('@');
  if (host <= 0) return null;
  const colon = authority.indexOf(':');
  if (colon >= 0 && colon < host) return found(end + colon + 1, end + host);
  return host >= LONG_USER ? found(end, end + host) : null;
}
const AUTHORITY = /[^\s/?#"<>\\]*/y;
const LONG_USER = 20;

function keyBlock(text: string, { start, end }: Place): Found | null {
  if (!text.slice(Math.max(0, start - LONGEST_KIND), start).includes('BEGIN')) return null;
  const closing = text.indexOf('-----END', end);
  return found(end, closing < 0 ? text.length : closing);
}

/** `-----BEGIN RSA ` */
const LONGEST_KIND = 24;

function webToken(text: string, { start }: Place): Found | null {
  const end = endOf(TOKEN, text, start);
  return text.startsWith('eyJ', start) && end - start > SHORTEST_TOKEN ? found(start, end) : null;
}
const TOKEN = /[\w.-]*/y;
const SHORTEST_TOKEN = 10;

/** `Bearer …`, but not "Basic authentication failed". */
function credentials(text: string, { start, end }: Place): Found | null {
  const to = endOf(CREDENTIALS, text, end);
  const written = text.slice(end, to);
  const isWritten = /^(?:JWT|Bearer|Basic)/.test(text.slice(start, start + 6));
  return isWritten && written.length >= 8 && /[A-Z0-9._~+/=]/.test(written.slice(0, -1)) ? found(end, to) : null;
}
const CREDENTIALS = /[\w.~+/=-]*/y;

function parameter(text: string, { end }: Place): Found | null {
  return found(end, endOf(PARAMETER, text, end));
}
const PARAMETER = /[^&\s"'<>#\\]*/y;

function mailAddress(text: string, { start, end, floor }: Place): Found | null {
  const least = Math.max(floor, start - LONGEST_LOCAL);
  let from = start;
  while (from > least && /[\w.+%-]/.test(text[from - 1] ?? '')) from--;
  const to = endOf(DOMAIN, text, end);
  return from < start && text.slice(end, to).includes('.') ? found(from, to) : null;
}
const DOMAIN = /[a-zA-Z\d-]{1,63}(?:\.[a-zA-Z\d-]{1,63}){0,8}/y;
const LONGEST_LOCAL = 64;

/** `+65 9123 4567`, not `1+12345678` and not the `+08:00` of a time. */
function telephone(text: string, { start }: Place): Found | null {
  if (isWord(text.charCodeAt(start - 1))) return null;
  let digits = 0;
  let to = start + 1;
  for (let at = to; digits < MOST_DIGITS; at++) {
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) {
      digits++;
      to = at + 1;
    } else if ((!isBlank(code) && code !== 45) || at > to) break;
  }
  return digits >= FEWEST_DIGITS ? found(start, to) : null;
}
const FEWEST_DIGITS = 8;
const MOST_DIGITS = 15;

function endOf(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}
const found = (from: number, to: number): Found | null => (to > from ? { from, to } : null);
