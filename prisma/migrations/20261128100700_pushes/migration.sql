-- Messages that Lazada pushed, so that one that comes again is known. Lazada repeats for six hours.
create table if not exists public.lazada_push (
  app_key text not null,
  message_sha256 bytea not null,
  -- Until when it is remembered.
  until timestamptz(6) not null,
  constraint lazada_push_pkey primary key (app_key, message_sha256)
);
create index if not exists lazada_push_until_idx on public.lazada_push (until);
