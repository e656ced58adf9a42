-- Import files that may be removed when they are old enough, and those that are being removed. What went has left it.
create index concurrently if not exists import_file_kept
  on public.import_file (id)
  where removed_to is not null or (removed_at is null and status in ('checked', 'done', 'failed'));
