-- Invoices that wait for a renderer.
create index concurrently if not exists order_lazada_document_without_pdf
  on public.order_lazada_document (order_id) where pdf is null;
