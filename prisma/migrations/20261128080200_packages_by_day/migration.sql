-- What was set ready to ship on a day, for its manifest and its index.
create index concurrently if not exists order_lazada_package_ready_to_ship_at
  on public.order_lazada_package (ready_to_ship_at) where ready_to_ship_at is not null;
