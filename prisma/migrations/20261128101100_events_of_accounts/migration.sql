-- An account's own events. Nearly all events are an order's, and an index of them all held a row for each of those too.
create index concurrently if not exists order_lazada_event_account
  on public.order_lazada_event (account_id, id) where account_id is not null;
