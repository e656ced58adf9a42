-- People ask for an order by its number alone. One statement, outside a transaction: the host goes on writing meanwhile.
create index concurrently if not exists orders_order_number_idx on public.orders (order_number);
