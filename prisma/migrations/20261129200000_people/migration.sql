-- A function of our name that somebody else made before us would stay his: who guards the audit log could let go of it.
do $$
declare
  strange text;
begin
  select string_agg(format('%s (%s)', p.oid::regprocedure, pg_get_userbyid(p.proowner)), ', ') into strange
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
     and p.proowner not in (select oid from pg_roles where rolname = current_user
                            union all select relowner from pg_class where oid = 'public.order_lazada'::regclass)
     and p.proname = 'sof_audit_only_grows';
  if strange is not null then
    raise exception 'functions of the names that ours have belong to somebody else: %', strange
      using hint = 'have them renamed, then migrate again';
  end if;
end $$;

-- Wrong passwords in a row, of one name from one address, over all processes. Names are kept as hashes: people type passwords
-- where a name belongs. A name that nobody has is counted like one that somebody has, so the count is no column of a person.
create table if not exists public.sign_in_try (
  name_sha256 bytea not null,
  -- Of IPv6 its /64, within which one machine may have any address.
  address text not null,
  tries int not null,
  locked_until timestamptz(6),
  tried_at timestamptz(6) not null default now(),
  constraint sign_in_try_pkey primary key (name_sha256, address)
);
create index if not exists sign_in_try_tried_at_idx on public.sign_in_try (tried_at);
-- failed_tries and locked_until of console_user stay for an api of before that still runs, which reads and writes them at each
-- sign-in. Nobody else does; the next release drops them.

-- A key may end by itself. One that was replaced by another of its name opens until then.
alter table public.api_key
  add column if not exists expires_at timestamptz(6),
  add column if not exists replaced_at timestamptz(6);
drop index if exists public.api_key_name_idx;
create unique index if not exists api_key_name_idx on public.api_key (name)
  where revoked_at is null and replaced_at is null;

-- Who changed what, and who tried to come in.
create table if not exists public.audit_log (
  id bigserial not null,
  at timestamptz(6) not null default now(),
  actor_kind text not null,
  actor text,
  address text,
  act text not null,
  thing text,
  status int not null,
  request_id text,
  -- Of what may be repeated without end: one row for all that have the same here.
  once text,
  constraint audit_log_pkey primary key (id),
  constraint audit_log_actor_kind_check check (actor_kind in ('person', 'key', 'command_line', 'nobody')),
  constraint audit_log_once_key unique (once)
);

-- Also for a login that owns the tables, as where one login is everything.
create or replace function public.sof_audit_only_grows() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  raise insufficient_privilege using message = 'audit_log only grows: no row of it is changed or removed';
end $$;
create or replace trigger audit_log_only_grows before update or delete or truncate on public.audit_log
  for each statement execute function public.sof_audit_only_grows();
