/** What a document is, by its bytes: the type that it is declared as is often wrong, and counts only for the charset. */
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
  if (isPdf(bytes)) {
    return bytes.length > LARGEST_PDF
      ? other(`a PDF of ${bytes.length} bytes, at most ${LARGEST_PDF} are taken`)
      : { form: 'pdf' };
  }
  if (bytes.length > LARGEST_HTML) {
    return other(`${bytes.length} bytes that are no PDF; of a web page at most ${LARGEST_HTML} are taken`);
  }
  const text = decodeHtml(bytes, declaredMime);
  if (text === null) return other(`${bytes.length} bytes that are neither a PDF nor text`);
  return sniffText(text.trim());
}

function sniffText(text: string): Sniffed {
  if (text === '') return other('an empty document');
  if (/^[[{]/.test(text)) return other('a JSON answer in place of a document');
  if (/^<\?xml\b/i.test(text) && !/<html[\s>]/i.test(text)) return other('an XML document that is no web page');
  if (!/^<[a-z!?]/i.test(text)) return other('text that is neither a PDF nor a web page');
  return { form: 'html', markup: text };
}

const other = (reason: string): Sniffed => ({ form: 'other', reason });
