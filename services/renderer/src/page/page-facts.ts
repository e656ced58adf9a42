/** What is to be seen on a page, and what that means: pure, so that the cases stand in a table. */
import { isMasked } from './masked.ts';

export type PageFacts = {
  readonly title: string;
  /** The text that a reader sees. */
  readonly text: string;
  /** It shows pictures that came along with it. */
  readonly pictures: boolean;
  readonly passwordField: boolean;
  /** It has links, buttons or a form. */
  readonly asksToAct: boolean;
  /** Addresses of pictures that are to be seen on it and did not come along. */
  readonly missing: readonly string[];
  /** Addresses of documents shown within it, as they are written. */
  readonly shown: readonly string[];
  /** Where it leads by itself, in the words of `<meta http-equiv="refresh">`. */
  readonly refreshes: readonly string[];
};

export type Reading =
  | { readonly is: 'invoice' }
  | { readonly is: 'pointer'; readonly to: string }
  | { readonly is: 'refused'; readonly reason: string };

const LOGIN = /^\s*(log ?in|sign ?in|เข้าสู่ระบบ|ลงชื่อเข้าใช้|đăng nhập|masuk)(?![\p{L}\p{N}])/iu;
const ERROR_PAGE =
  /^\s*([45]\d\d(?!\d)|error\b|bad gateway|gateway time-?out|service unavailable|not found|forbidden|access denied|unauthorized|captcha)/iu;

export function readPage(facts: PageFacts): Reading {
  const { title, text, pictures } = facts;
  const targets = targetsOf(facts);
  if (facts.passwordField || LOGIN.test(title)) return refused('a login page in place of a document');
  if (ERROR_PAGE.test(title)) return refused('an error page in place of a document');
  if (text.trim() === '' && !pictures) return readBlank(targets, facts.missing);
  if (isMasked(text)) return refused('masked: stars stand in place of data of the buyer or of amounts');
  if (targets.length > 0) return refused('a page around another document, which would be missing in the PDF');
  // An invoice has a number and amounts; `Click here for your invoice` has none.
  if (facts.asksToAct && !pictures && !/\p{Nd}/u.test(text)) return refused('a page of links without a number on it');
  return { is: 'invoice' };
}

function readBlank([to, ...more]: readonly string[], missing: PageFacts['missing']): Reading {
  if (to === undefined && missing.length > 0) return { is: 'invoice' };
  if (to === undefined) return refused('a page on which nothing is to be seen without script and network');
  if (more.length > 0) return refused(`a page that points at ${more.length + 1} documents`);
  return { is: 'pointer', to };
}

const targetsOf = ({ shown, refreshes }: PageFacts): string[] =>
  [...new Set([...shown, ...refreshes.map(refreshTarget)])].filter((target) => target !== '');

/** `0; url=https://…`: empty where the page only calls for itself again. */
const refreshTarget = (content: string): string =>
  /^[\s\d.]*[;,\s]\s*(?:url\s*=\s*)?["']?([^"']*)/i.exec(content.slice(0, 4096))?.[1]?.trim() ?? '';

const refused = (reason: string): Reading => ({ is: 'refused', reason });
