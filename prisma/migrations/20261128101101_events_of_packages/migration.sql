-- For the cascade from a package: most events are about none.
create index concurrently if not exists order_lazada_event_package
  on public.order_lazada_event (package_id) where package_id is not null;
