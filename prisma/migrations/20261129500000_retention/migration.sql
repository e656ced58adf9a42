-- What was kept long enough is removed: the bytes of invoices and import files, what events tell. That something was there,
-- its hash and its size stay. The functions run as a role of their own (`sof migrate` hands them over to it), since a service
-- may change no event; whatever they are asked for, nothing younger than 30 days goes.

-- A function of one of our names that somebody else made before us would stay his, and run as us.
do $$
declare
  strange text;
begin
  select string_agg(format('%s (%s)', p.oid::regprocedure, pg_get_userbyid(p.proowner)), ', ') into strange
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
     and p.proowner not in (select oid from pg_roles where rolname in (current_user, 'lazada_sof_retention')
                            union all select relowner from pg_class where oid = 'public.order_lazada'::regclass)
     and p.proname in ('sof_kept_until', 'sof_remove_invoices', 'sof_remove_imports', 'sof_remove_event_data',
                       'sof_document_came_back');
  if strange is not null then
    raise exception 'functions of the names that ours have belong to somebody else: %', strange
      using hint = 'have them renamed, then migrate again';
  end if;
end $$;

alter table public.order_lazada_document
  alter column source drop not null,
  -- How large they were; null while the bytes are there.
  add column if not exists source_bytes int,
  add column if not exists pdf_bytes int,
  add column if not exists removed_at timestamptz(6),
  -- Fetched once more after they had been removed: its age counts from here.
  add column if not exists restored_at timestamptz(6),
  drop constraint if exists order_lazada_document_source_check,
  add constraint order_lazada_document_source_check check (source is not null or removed_at is not null) not valid;

-- Whoever fetches it again, also a worker of before, that knows nothing of removing.
create or replace function public.sof_document_came_back() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.removed_at := null;
  new.restored_at := clock_timestamp();
  new.source_bytes := null;
  new.pdf_bytes := null;
  return new;
end $$;
create or replace trigger order_lazada_document_came_back before update of pdf on public.order_lazada_document
  for each row when (old.removed_at is not null and old.pdf is null and new.pdf is not null)
  execute function public.sof_document_came_back();

alter table public.import_file
  add column if not exists removed_at timestamptz(6),
  -- While it is being removed: up to this line it is.
  add column if not exists removed_to int;

alter table public.marketplace_manifests
  add column if not exists file_sha256 text,
  add column if not exists file_bytes int,
  add column if not exists file_stored_at timestamptz(6),
  add column if not exists file_removed_at timestamptz(6);

-- One row: the day on which it was looked last what was kept long enough, and by whom it is looked at the moment.
create table if not exists public.lazada_retention (
  one boolean not null default true,
  day date,
  -- Until then somebody is at it.
  until timestamptz(6),
  finished_at timestamptz(6),
  -- No event up to this one tells anything any more, nor is one still being written.
  events_done_to bigint not null default 0,
  removed jsonb not null default '{}',
  constraint lazada_retention_pkey primary key (one),
  constraint lazada_retention_one_check check (one)
);

create or replace function public.sof_kept_until(days int) returns timestamptz
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
begin
  if days is null or days < 30 then
    raise exception 'nothing younger than 30 days is removed, but what is older than % was asked for',
      coalesce(days || ' days', 'no number of days') using errcode = 'invalid_parameter_value';
  end if;
  return now() - days * interval '24 hours';
end $$;

-- The next of those behind `after`, oldest first. Left alone: what is still to be uploaded or drawn, and the newest revision
-- while a look at it is ahead, since without its bytes nobody could tell whether Lazada has issued another one. A look that has
-- been due for a month is none any more: its account is switched off.
create or replace function public.sof_remove_invoices(
  days int, after_at timestamptz, after_id bigint, most int,
  out looked int, out removed int, out last_at timestamptz, out last_id bigint)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before constant timestamptz := public.sof_kept_until(days);
begin
  with walked as materialized (
         select id, created_at from public.order_lazada_document
          where removed_at is null and (uploaded_at is not null or pdf_sha256 is null)
            and created_at < before and (created_at, id) > (after_at, after_id)
          order by created_at, id limit least(most, 500)),
       old as (
         select d.id
           from public.order_lazada_document d
          cross join lateral (
                select exists (select from public.order_lazada_document newer
                                where newer.order_id = d.order_id and newer.doc_type = d.doc_type and newer.part = d.part
                                  and newer.revision > d.revision) as is_superseded) other
          where d.id in (select id from walked)
            and d.removed_at is null and (d.restored_at is null or d.restored_at < before)
            and (d.uploaded_at is not null or (d.pdf_sha256 is null and other.is_superseded))
            and (d.recheck_at is null or d.recheck_at < now() - interval '30 days' or other.is_superseded)
            for update of d skip locked),
       emptied as (
         update public.order_lazada_document d
            set source_bytes = octet_length(source), pdf_bytes = octet_length(pdf), source = null, pdf = null,
                removed_at = clock_timestamp()
           from old where d.id = old.id returning d.id)
  select (select count(*) from walked), (select count(*) from emptied), w.created_at, w.id
    into looked, removed, last_at, last_id
    from (select) nothing left join (select created_at, id from walked order by created_at desc, id desc limit 1) w on true;
end $$;

-- One file at a time: first its bytes, then the rows that came back, as they came. `removed`: files that were begun.
create or replace function public.sof_remove_imports(days int, most int, out removed int, out is_over boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before constant timestamptz := public.sof_kept_until(days);
  one record;
  from_line int;
begin
  select id, removed_at, removed_to into one from public.import_file
   where removed_to is not null
      or (removed_at is null and status in ('checked', 'done', 'failed') and coalesce(finished_at, created_at) < before)
   order by id limit 1 for update skip locked;
  is_over := one.id is null;
  removed := case when one.id is not null and one.removed_at is null then 1 else 0 end;
  if is_over then return; end if;

  delete from public.import_chunk where (import_id, position) in (
    select import_id, position from public.import_chunk where import_id = one.id order by position limit least(most, 20));
  if found then
    update public.import_file set removed_at = coalesce(removed_at, clock_timestamp()), removed_to = coalesce(removed_to, -1)
     where id = one.id;
    return;
  end if;

  select min(line) into from_line from public.import_error where import_id = one.id and line > coalesce(one.removed_to, -1);
  update public.import_error set cells = null
   where import_id = one.id and line >= from_line and line < from_line + least(most, 500) and cells is not null;
  update public.import_file
     set removed_at = coalesce(removed_at, clock_timestamp()), removed_to = from_line + least(most, 500) - 1
   where id = one.id;
end $$;

-- Events behind `after`. Of an update's, what one that comes again under its name is answered from stays: its name, what it
-- said as a hash, and what Lazada had accepted. `last_id`: the last of them that is old. Between younger ones somebody may still
-- be writing one. `left_id`: the first that still tells something, since it is younger or somebody holds it.
create or replace function public.sof_remove_event_data(
  days int, after_id bigint, most int,
  out removed int, out last_id bigint, out left_id bigint, out is_over boolean)
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  before constant timestamptz := public.sof_kept_until(days);
begin
  with walked as materialized (
         select id, is_old, kept, data <> kept as tells
           from (select id, at < before as is_old, data,
                        case when jsonb_typeof(data) = 'object' and data ? 'requestId'
                             then jsonb_strip_nulls(jsonb_build_object(
                                    'requestId', data -> 'requestId', 'saying', data -> 'saying', 'sent', data -> 'sent'))
                             else '{}' end as kept
                   from public.order_lazada_event where id > after_id order by id limit least(most, 500)) next),
       old as (
         select e.id from public.order_lazada_event e
          where e.id in (select id from walked where is_old and tells) for update of e skip locked),
       emptied as (
         update public.order_lazada_event e set data = w.kept
           from old join walked w on w.id = old.id where e.id = old.id returning e.id)
  select count(e.id), max(w.id) filter (where w.is_old), min(w.id) filter (where w.tells and e.id is null),
         not coalesce(bool_or(w.is_old), false)
    into removed, last_id, left_id, is_over
    from walked w left join emptied e on e.id = w.id;
end $$;

-- What only answers, everybody; the others those to whom `sof migrate` grants it.
grant execute on function public.sof_kept_until(int) to public;
revoke execute on function public.sof_remove_invoices(int, timestamptz, bigint, int), public.sof_remove_imports(int, int),
  public.sof_remove_event_data(int, bigint, int) from public;
