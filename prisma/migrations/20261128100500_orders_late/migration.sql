-- Its successor, which the next file builds, has the order too: many orders share one deadline, and a page begins among them.
drop index if exists public.order_lazada_ship_by;
