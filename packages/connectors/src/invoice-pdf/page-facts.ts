/** What is to be seen on a page, and what that means: pure, so that the cases stand in a table. */
import { isMasked } from './masked.ts';

export type PageFacts = {
  readonly title: string;
  /** The text that a reader sees. */
  readonly text: string;
  /** It shows pictures that came along with it. */
  readonly pictures: boolean;
  readonly passwordField: boolean;
  /** Addresses of documents shown within it, or to which it leads by itself. */
  readonly targets: readonly string[];
};

export type Reading =
  | { readonly is: 'invoice' }
  | { readonly is: 'pointer'; readonly to: string }
  | { readonly is: 'refused'; readonly reason: string };

const LOGIN = /^\s*(log ?in|sign ?in|login|เข้าสู่ระบบ|ลงชื่อเข้าใช้|đăng nhập|masuk)(?![\p{L}\p{N}])/iu;
const ERROR_PAGE =
  /^\s*([45]\d\d(?!\d)|error\b|bad gateway|gateway time-?out|service unavailable|not found|forbidden|access denied|unauthorized|captcha)/iu;

export function readPage({ title, text, pictures, passwordField, targets }: PageFacts): Reading {
  if (passwordField || LOGIN.test(title)) return refused('a login page in place of a document');
  if (ERROR_PAGE.test(title)) return refused('an error page in place of a document');
  if (text.trim() === '' && !pictures) return readBlank([...new Set(targets)]);
  if (isMasked(text)) return refused('masked: stars stand in place of data of the buyer or of amounts');
  if (targets.length > 0) return refused('a page with text around another document, which would be missing in the PDF');
  return { is: 'invoice' };
}

function readBlank(targets: readonly string[]): Reading {
  const [to, ...more] = targets;
  if (to === undefined) return refused('a page on which nothing is to be seen without script and network');
  if (more.length > 0) return refused(`a page that points at ${targets.length} documents`);
  return { is: 'pointer', to };
}

const refused = (reason: string): Reading => ({ is: 'refused', reason });
