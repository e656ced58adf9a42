-- What is late and what soon will be, by account. Most orders have no deadline left.
create index concurrently if not exists order_lazada_ship_by on public.order_lazada (account_id, ship_by)
  where ship_by is not null;
