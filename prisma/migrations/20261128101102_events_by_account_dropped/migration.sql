-- The partial one takes its place: an event of an order has no row in it.
drop index concurrently if exists public.order_lazada_event_account_id_id_idx;
