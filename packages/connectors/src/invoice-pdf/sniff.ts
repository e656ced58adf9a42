/** What a document is, by its bytes: what it is declared as is often wrong, and only helps where they leave it open. */
import type { InvoiceSource } from '@lazada-sof/orders';
import { decodeHtml } from './charset.ts';

export type Sniffed =
  | { readonly form: 'pdf' }
  | { readonly form: 'html'; readonly markup: string }
  | { readonly form: 'other'; readonly reason: string };

export const LARGEST_PDF = 50 * 1024 * 1024;
/** A page of more is no invoice, and would only keep a browser busy. */
export const LARGEST_HTML = 8 * 1024 * 1024;

export const isPdf = (bytes: Buffer): boolean => bytes.subarray(0, 5).toString('latin1') === '%PDF-';

export function sniff({ bytes, declaredMime }: InvoiceSource): Sniffed {
  const { length } = bytes;
  if (isPdf(bytes)) {
    return length > LARGEST_PDF ? other(`a PDF of ${length} bytes, at most ${LARGEST_PDF} are taken`) : { form: 'pdf' };
  }
  if (length > LARGEST_HTML) return other(`${length} bytes without a PDF's beginning; too large for a web page`);
  const text = decodeHtml(bytes, declaredMime).trim();
  if (text === '') return other('an empty document');
  if (/^[[{]/.test(text)) return other('a JSON answer in place of a document');
  if (!isPage(text, declaredMime)) return other(`${length} bytes that are neither a PDF nor a web page`);
  if (isGarbled(text)) return other('a web page in another charset than it says');
  return { form: 'html', markup: text };
}

function isPage(text: string, declaredMime: string): boolean {
  if (text.includes('\0')) return false;
  if (/^<\?xml\b/i.test(text)) return /<html[\s>]/i.test(text);
  return /^<[a-z!]/i.test(text) || (/^text\/html\b/i.test(declaredMime) && /<[a-z]/i.test(text));
}

/** Some bytes may be damaged; where it is one in a hundred, nobody could read the invoice. */
const isGarbled = (text: string) => text.split('\ufffd').length - 1 > text.length / 100;

const other = (reason: string): Sniffed => ({ form: 'other', reason });
