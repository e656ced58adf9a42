-- On a database that was made anew it was dropped before it was built: indexes come after everything else.
drop index concurrently if exists public.order_lazada_ship_by;
