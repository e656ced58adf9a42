alter table public.order_lazada_document
  -- It came as a web page while no renderer was there, and none has tried it since.
  add column if not exists waits_for_renderer boolean not null default false;
