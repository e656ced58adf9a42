-- Invoices whose bytes may be removed when they are old enough, the oldest first.
create index concurrently if not exists order_lazada_document_kept
  on public.order_lazada_document (created_at, id)
  where removed_at is null and (uploaded_at is not null or pdf_sha256 is null);
