-- The partial one takes its place: an event of no package has no row in it.
drop index concurrently if exists public.order_lazada_event_package_id_idx;
