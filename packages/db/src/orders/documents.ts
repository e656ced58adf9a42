/** Invoices' bytes, which an order is never loaded with. */
import type { DayBounds, InvoiceSource } from '@lazada-sof/orders';
import type pg from 'pg';
import { ACTIVE } from '../accounts/account-row.ts';

export type InvoiceFile = {
  readonly documentId: string;
  readonly orderId: string;
  readonly path: string | null;
  readonly uploadedAt: Date | null;
  readonly pdf: Buffer;
  readonly sha256: string;
};

export type WaitingDocument = { readonly documentId: string; readonly orderId: string };

/** Moments between which an account's documents were fetched. */
export type FetchedWithin = { readonly accountId: string; readonly bounds: DayBounds };
/** A walk's step over all documents: which of them lie on the target, of those that are asked for. */
export type UploadedDocuments = {
  readonly documents: readonly WaitingDocument[];
  /** How many lay there whose bytes were removed here. */
  readonly removed: number;
  /** The last one that was looked at. Null: there is none behind. */
  readonly last: string | null;
};

export interface Documents {
  /** As Lazada sent it. Null: there is no such document (any more), or it was removed. */
  source(documentId: string): Promise<InvoiceSource | null>;
  /**
   * Newest revisions that are blocked for want of a renderer, of orders after this one, so many at most. None whose account
   * could not go on now.
   */
  waitingForRenderer(afterOrderId: string, limit: number): Promise<WaitingDocument[]>;
  /** Another order that has an invoice under this path. Null: none has. */
  holderOf(path: string, orderId: string): Promise<{ readonly account: string; readonly orderNumber: string } | null>;
  /** Null: there is no such document (any more), it has no PDF, or that was removed. */
  file(documentId: string): Promise<InvoiceFile | null>;
  /** What is known of a PDF without its bytes, also of one that was removed. Null: there is no such document (any more), or it has no PDF. */
  pdfFacts(documentId: string): Promise<{ readonly sha256: string; readonly bytes: number } | null>;
  /** How large the PDFs of an order are, by document. */
  sizes(orderId: string): Promise<ReadonlyMap<string, number>>;
  /** Of the next 5,000 documents after this one, invoices of these accounts that were uploaded. */
  uploaded(afterDocumentId: string, within: readonly FetchedWithin[]): Promise<UploadedDocuments>;
  /** Null: there is no such document (any more). */
  orderOf(documentId: string): Promise<string | null>;
}

/** By the index of documents that wait. */
const WAITING_FOR_RENDERER = `
  select d.id::text as "documentId", d.order_id::text as "orderId"
    from public.order_lazada_document d
    join public.order_lazada_step s on s.order_id = d.order_id and s.step = 'invoice_fetch' and s.ref = '' and s.blocked
    join public.order_lazada l on l.order_id = d.order_id
    join account.lazada a on a.id = l.account_id
   where d.pdf is null and d.waits_for_renderer and d.order_id > $1::bigint and ${ACTIVE}
     and not exists (select from public.order_lazada_document newer
                      where newer.order_id = d.order_id and newer.doc_type = d.doc_type and newer.part = d.part
                        and newer.revision > d.revision)
   order by d.order_id, d.part limit $2`;

const HOLDER = `
  select a.name as account, o.order_number::text as "orderNumber"
    from public.order_lazada_document d
    join public.orders o on o.id = d.order_id
    join account.lazada a on a.id = o.account_id
   where d.path = $1 and d.order_id <> $2::bigint limit 1`;

/** Of one that was removed, how large it was. */
const PDF_BYTES = 'coalesce(octet_length(pdf), pdf_bytes)';

/** By the primary key, a bounded way at a time: so rare a walk needs no index. */
const UPLOADED = `
  with walked as materialized (
         select id, order_id, created_at, removed_at, doc_type = 'invoice' and uploaded_at is not null and pdf_sha256 is not null as is_there
           from public.order_lazada_document where id > $1::bigint order by id limit 5000),
       asked as (
         select w.id, w.order_id, w.removed_at
           from walked w
           join public.order_lazada l on l.order_id = w.order_id
           join unnest($2::bigint[], $3::timestamptz[], $4::timestamptz[]) as of (account_id, first, until)
             on of.account_id = l.account_id and w.created_at >= of.first and w.created_at < of.until
          where w.is_there)
  select (select max(id)::text from walked) as last,
         (select count(*)::int from asked where removed_at is not null) as removed,
         coalesce((select json_agg(json_build_object('documentId', id::text, 'orderId', order_id::text) order by id)
                     from asked where removed_at is null), '[]') as documents`;

export function openDocuments(pool: pg.Pool): Documents {
  return {
    async source(documentId) {
      const { rows } = await pool.query<InvoiceSource>(
        `select source as bytes, coalesce(source_mime, '') as "declaredMime"
           from public.order_lazada_document where id = $1 and source is not null`,
        [documentId],
      );
      return rows[0] ?? null;
    },
    async waitingForRenderer(afterOrderId, limit) {
      return (await pool.query<WaitingDocument>(WAITING_FOR_RENDERER, [afterOrderId, limit])).rows;
    },
    async holderOf(path, orderId) {
      const { rows } = await pool.query<{ account: string; orderNumber: string }>(HOLDER, [path, orderId]);
      return rows[0] ?? null;
    },
    async file(documentId) {
      const { rows } = await pool.query<InvoiceFile>(
        `select id as "documentId", order_id as "orderId", path, uploaded_at as "uploadedAt", pdf, pdf_sha256 as sha256
           from public.order_lazada_document where id = $1 and pdf is not null`,
        [documentId],
      );
      return rows[0] ?? null;
    },
    async pdfFacts(documentId) {
      const { rows } = await pool.query<{ sha256: string; bytes: number }>(
        `select pdf_sha256 as sha256, ${PDF_BYTES} as bytes
           from public.order_lazada_document where id = $1 and pdf_sha256 is not null`,
        [documentId],
      );
      return rows[0] ?? null;
    },
    async sizes(orderId) {
      const { rows } = await pool.query<{ documentId: string; bytes: number }>(
        `select id::text as "documentId", ${PDF_BYTES} as bytes
           from public.order_lazada_document where order_id = $1 and pdf_sha256 is not null`,
        [orderId],
      );
      return new Map(rows.map(({ documentId, bytes }) => [documentId, bytes]));
    },
    async uploaded(afterDocumentId, within) {
      const [from, until] = [within.map(({ bounds }) => bounds.from), within.map(({ bounds }) => bounds.until)];
      const values = [afterDocumentId, within.map(({ accountId }) => accountId), from, until];
      const { rows } = await pool.query<UploadedDocuments>(UPLOADED, values);
      return rows[0] ?? { documents: [], removed: 0, last: null };
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
