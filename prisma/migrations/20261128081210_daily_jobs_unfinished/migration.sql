-- Indexes that are not through, for their metric.
create index concurrently if not exists lazada_daily_job_index_unfinished on public.lazada_daily_job (account_id, day)
  where job = 'index' and (done_at is null or due_at is not null or error_code is not null);
