-- The parcels on their way with a carrier: due at once when somebody begins to ask it.
create index concurrently if not exists order_lazada_package_carrier
  on public.order_lazada_package (lower(btrim(carrier)), order_id)
  where carrier_tracking_number is not null and state in ('ready_to_ship', 'shipped');
