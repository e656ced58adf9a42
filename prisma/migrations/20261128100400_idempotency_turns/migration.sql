-- Whose turn it is with a key, and under which name its effect is found again. Who died with a key holds it only until
-- `held_until`; whoever takes it over then goes on under the same `request_id`, so that the effect stays one.
alter table public.idempotency_key
  add column if not exists request_id uuid not null default gen_random_uuid(),
  add column if not exists holder uuid,
  add column if not exists held_until timestamptz(6);
