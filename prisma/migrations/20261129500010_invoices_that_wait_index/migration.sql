-- Invoices that wait for a renderer.
create index concurrently if not exists order_lazada_document_waits
  on public.order_lazada_document (order_id) where waits_for_renderer;
