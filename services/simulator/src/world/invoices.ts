/** Invoices in the forms in which Lazada may send them: the same order always gives the same bytes, unless its picture is signed. */
import { randomBytes } from 'node:crypto';
import PDFDocument from 'pdfkit';
import type { InvoiceScript, Item, Order } from './model.ts';

export type Document = { readonly mime: string; readonly file: Buffer | string };

/** What a document holds; the form is a matter of the script. */
export type Invoice = { readonly order: Order; readonly items: readonly Item[]; readonly script: InvoiceScript };

/** `file` as bytes, or, for `raw`, as the text that goes out unencoded. */
export async function invoiceDocument(invoice: Invoice, origin: string): Promise<Document> {
  const { script } = invoice;
  switch (script.kind) {
    case 'pdf':
      return { mime: 'application/pdf', file: await invoicePdf(invoice) };
    case 'html':
      return { mime: 'text/html', file: Buffer.from(invoiceHtml(invoice, { origin, masked: false })) };
    case 'masked':
      return { mime: 'text/html', file: Buffer.from(invoiceHtml(invoice, { origin, masked: true })) };
    case 'iframe':
      return { mime: 'text/html', file: Buffer.from(iframePage(script.link ?? linkTo(invoice, origin))) };
    case 'raw':
      return { mime: script.mime, file: script.file };
  }
}

/** Where the PDF lies that an iframe points at. */
export function linkTo({ order, items, script }: Invoice, origin: string): string {
  const ids = items.map(({ orderItemId }) => orderItemId).join('-');
  return `${origin}/invoices/${order.orderId}/${ids}/${script.revision}.pdf`;
}

export function invoicePdf(invoice: Invoice): Promise<Buffer> {
  const { order } = invoice;
  const number = numberOf(invoice);
  // The time is part of a PDF's identity: the order's own keeps the bytes the same.
  const info = { Title: number, CreationDate: new Date(order.createdAt), ModDate: new Date(order.createdAt) };
  const document = new PDFDocument({ size: 'A4', info });
  const chunks: Buffer[] = [];
  document.on('data', (chunk: Buffer) => chunks.push(chunk));
  const done = new Promise<Buffer>((resolve) => document.on('end', () => resolve(Buffer.concat(chunks))));
  document.fontSize(20).text(`Tax invoice ${number}`);
  document.fontSize(11).text(`Order ${order.orderNumber}`).moveDown();
  for (const line of linesOf(invoice)) document.text(line);
  document.end();
  return done;
}

const WORDS = {
  en: { title: 'Tax invoice', item: 'Article', total: 'Total', thanks: 'Thank you for your purchase.' },
  th: { title: 'ใบกำกับภาษี', item: 'สินค้า', total: 'ยอดรวมทั้งสิ้น', thanks: 'ขอบคุณที่ใช้บริการ' },
  vi: {
    title: 'Hóa đơn giá trị gia tăng',
    item: 'Sản phẩm',
    total: 'Tổng cộng',
    thanks: 'Cảm ơn quý khách đã mua hàng.',
  },
} as const;

/** The script and the picture betray a renderer that runs scripts or has network. */
function invoiceHtml(invoice: Invoice, { origin, masked }: { origin: string; masked: boolean }): string {
  const { order, items, script } = invoice;
  const words = WORDS[script.language];
  const rows = items.map(({ name, sku, price }) => {
    const article = masked ? '****' : escapeHtml(`${words.item}: ${name}`);
    return `<tr><td>${article}</td><td>${escapeHtml(sku)}</td><td>${masked ? '****' : price.toFixed(2)}</td></tr>`;
  });
  return `<!doctype html>
<html lang="${script.language}"><head><meta charset="utf-8"><title>${numberOf(invoice)}</title>
<style>body{font-family:sans-serif}td{padding:4px 12px}</style></head>
<body><h1>${words.title} ${numberOf(invoice)}</h1><p>${masked ? '****' : order.orderNumber}</p>
<table>${rows.join('')}<tr><td>${words.total}</td><td></td><td>${masked ? '****' : totalOf(items)}</td></tr></table>
<p id="thanks">${words.thanks}</p>
<img src="${origin}/invoices/beacon.png" alt="" width="1" height="1">${signedPicture(invoice, origin)}
<script>document.getElementById('thanks').textContent='SCRIPT RAN';fetch('${origin}/invoices/beacon.png')</script>
</body></html>`;
}

/** What opens the address is new in each answer, as in those of a file store; the picture is the same. */
function signedPicture({ script }: Invoice, origin: string): string {
  if (!script.signedPicture) return '';
  const query = `Expires=${Date.now()}&amp;Signature=${randomBytes(12).toString('hex')}`;
  return `<img src="${origin}/invoices/qr.png?${query}" alt="" width="60" height="60">`;
}

function iframePage(link: string): string {
  return `<!doctype html><html><body><iframe src="${escapeHtml(link)}" width="100%" height="100%"></iframe></body></html>`;
}

function numberOf({ order, script }: Invoice): string {
  const revision = script.revision > 1 ? `-R${script.revision}` : '';
  return `INV-${order.orderNumber}${revision}`;
}

function linesOf({ items }: Invoice): string[] {
  return [...items.map(({ name, sku, price }) => `${name} (${sku}): ${price.toFixed(2)}`), `Total: ${totalOf(items)}`];
}

function totalOf(items: readonly Item[]): string {
  return items.reduce((sum, { price }) => sum + price, 0).toFixed(2);
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? character);
}
