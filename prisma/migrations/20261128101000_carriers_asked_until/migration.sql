-- Somebody has a key for it, and said so lately: the plan owes looks at its parcels until then. From now on `is_asked` says that
-- the orders of all its parcels have been due since somebody began to ask it.
alter table public.lazada_carrier add column if not exists asked_until timestamptz(6);

update public.lazada_carrier set asked_until = now() + interval '1 hour' where is_asked and asked_until is null;
