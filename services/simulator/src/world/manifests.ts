/** The carrier's manifest of items: a line each, on a PDF or a web page. The same items always give the same bytes. */
import PDFDocument from 'pdfkit';
import { type Document, escapeHtml } from './invoices.ts';
import type { Item, Order } from './model.ts';

type Listed = { readonly order: Order; readonly item: Item };

export async function manifestDocument(listed: readonly Listed[], form: 'pdf' | 'html'): Promise<Document> {
  const lines = listed.map(({ order, item }) => `${item.packageId} ${order.orderNumber} ${item.orderItemId}`);
  return form === 'pdf'
    ? { mime: 'application/pdf', file: await pdfOf(lines) }
    : { mime: 'text/html', file: Buffer.from(pageOf(lines)) };
}

function pdfOf(lines: readonly string[]): Promise<Buffer> {
  // The time is part of a PDF's identity.
  const always = new Date(0);
  const document = new PDFDocument({ size: 'A4', info: { Title: TITLE, CreationDate: always, ModDate: always } });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(chunks))));
  document.fontSize(16).text(TITLE).fontSize(10);
  for (const line of lines) document.text(line);
  document.end();
  return done;
}

const TITLE = 'Carrier manifest';

const pageOf = (lines: readonly string[]) =>
  `<!doctype html><html><head><meta charset="utf-8"><title>${TITLE}</title></head><body><h1>${TITLE}</h1><ul>${lines
    .map((line) => `<li>${escapeHtml(line)}</li>`)
    .join('')}</ul></body></html>`;
