-- What is late and what soon will be, by account, the longest ago first. Most orders have no deadline left.
create index concurrently if not exists order_lazada_late on public.order_lazada (account_id, ship_by, order_id)
  where ship_by is not null;
