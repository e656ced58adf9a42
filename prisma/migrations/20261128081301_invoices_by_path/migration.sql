-- Whether another order's invoice has that path.
create index concurrently if not exists order_lazada_document_path
  on public.order_lazada_document (path) where path is not null;
