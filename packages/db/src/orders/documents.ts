/** Invoices' bytes, which an order is never loaded with. */
import type pg from 'pg';

export type InvoiceFile = {
  readonly documentId: string;
  readonly orderId: string;
  readonly path: string | null;
  readonly uploadedAt: Date | null;
  readonly pdf: Buffer;
  readonly sha256: string;
};

export interface Documents {
  /** Null: there is no such document (any more), or it has no PDF. */
  file(documentId: string): Promise<InvoiceFile | null>;
  /** How large the PDFs of an order are, by document. */
  sizes(orderId: string): Promise<ReadonlyMap<string, number>>;
  /** Null: there is no such document (any more). */
  orderOf(documentId: string): Promise<string | null>;
}

export function openDocuments(pool: pg.Pool): Documents {
  return {
    async file(documentId) {
      const { rows } = await pool.query<InvoiceFile>(
        `select id as "documentId", order_id as "orderId", path, uploaded_at as "uploadedAt", pdf, pdf_sha256 as sha256
           from public.order_lazada_document where id = $1 and pdf is not null`,
        [documentId],
      );
      return rows[0] ?? null;
    },
    async sizes(orderId) {
      const { rows } = await pool.query<{ documentId: string; bytes: number }>(
        `select id::text as "documentId", octet_length(pdf) as bytes
           from public.order_lazada_document where order_id = $1 and pdf is not null`,
        [orderId],
      );
      return new Map(rows.map(({ documentId, bytes }) => [documentId, bytes]));
    },
    async orderOf(documentId) {
      const { rows } = await pool.query<{ orderId: string }>(
        'select order_id as "orderId" from public.order_lazada_document where id = $1',
        [documentId],
      );
      return rows[0]?.orderId ?? null;
    },
  };
}
