-- Since when somebody asks for it at once, past what it otherwise waits for. Null: nobody does.
alter table public.lazada_daily_job add column if not exists asked_at timestamptz(6);
