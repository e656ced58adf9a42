-- What happens when the host writes. These rules hold for every function here:
--
-- - The host's role needs no right on our tables: functions that write them are SECURITY DEFINER with a fixed
--   search_path. `sof migrate` hands them over to the role `lazada_sof_definer`, which may do what they do and nothing
--   else, and nobody may execute them: a trigger that fires asks for no right. BEFORE ROW functions only assign to NEW, and
--   run as whoever writes.
-- - Whoever owns a table of the host's may give a column another type, and that type a cast of his own, which would then
--   run as us. So a SECURITY DEFINER function compares such columns as the text that their output functions make
--   (`concat`, `format`), which nobody but a superuser can write, and takes keys only where they are numbers (`sof_follows`).
-- - One notification per statement on channel `sof_due`, without content: it says "look now" and nothing more.
-- - Transition tables cannot be combined with `UPDATE OF column`: the functions compare old and new rows, by `except`,
--   since a join of the two may be planned as a nested loop and cost the square of the rows. Changed ids go into an array
--   first, since the planner knows nothing of transition tables and would read all of `order_lazada`.
--
-- Two marks of a transaction are read, where its login is one of our services. `lazada_sof.source` says who writes (`api`,
-- a service's name; unset: `host`). `lazada_sof.whole = on` says that the writer computed whole orders, their times, events
-- and next look included: then the triggers on `order_lazada` add nothing.

-- A function of one of our names that somebody else made before us would stay his, and run as us.
do $$
declare
  strange text;
begin
  select string_agg(format('%s (%s)', p.oid::regprocedure, pg_get_userbyid(p.proowner)), ', ') into strange
    from pg_proc p
   where p.pronamespace = 'public'::regnamespace
     and p.proowner not in (select oid from pg_roles where rolname in (current_user, 'lazada_sof_definer')
                            union all select relowner from pg_class where oid = 'public.order_lazada'::regclass)
     and p.proname in ('sof_mark', 'sof_source', 'sof_follows', 'sof_may_read', 'sof_is_sof', 'sof_is_ready',
                       'sof_orders_inserted', 'sof_orders_updated', 'sof_account_credentials', 'sof_accounts_inserted',
                       'sof_accounts_updated', 'sof_instruction_changed', 'sof_instructions_changed',
                       'sof_password_changed');
  if strange is not null then
    raise exception 'functions of the names that ours have belong to somebody else: %', strange
      using hint = 'have them renamed, then migrate again';
  end if;
end $$;

-- Null where the session may not say so: anybody can set anything in a session. Ours are the members of
-- `lazada_sof_services` and `lazada_sof_api`, and whoever owns our tables, who could switch the triggers off as well.
create or replace function public.sof_mark(mark text) returns text
language sql stable set search_path = pg_catalog, pg_temp as $$
  select nullif(current_setting('lazada_sof.' || mark, true), '')
   where exists (select from pg_class where oid = 'public.order_lazada'::regclass
                                        and pg_has_role(session_user, relowner, 'USAGE'))
      or exists (select from pg_roles where rolname in ('lazada_sof_services', 'lazada_sof_api')
                                        and pg_has_role(session_user, oid, 'USAGE'))
$$;

create or replace function public.sof_source() returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$ select coalesce(public.sof_mark('source'), 'host') $$;

-- Whether keys of the host's have types that need no cast of the host's. What is asked is the type of the column as the
-- statement reads it, which its table's lock keeps until the transaction ends; the catalog's rows may be older than that.
create or replace function public.sof_follows(variadic keys regtype[]) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if keys <@ array['bigint', 'integer', 'smallint', 'numeric']::regtype[] then return true; end if;
  raise warning 'lazada-sof follows no order or account while their ids are no numbers, but %', keys;
  return false;
end $$;

-- Whether a table of the host's is what we took it for: a view in its place, or a policy on its rows, would run code of the
-- host's as us. It is locked against that by being read; row security is asked of what the server knows now, since the
-- catalog's rows may be older.
create or replace function public.sof_may_read(host_table text) returns boolean
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  perform from public.orders where false;
  perform from account.lazada where false;
  if exists (select from pg_class where oid = to_regclass(host_table) and relkind in ('r', 'p'))
     and not row_security_active(to_regclass(host_table)) then return true; end if;
  raise warning 'lazada-sof does not follow %: it is no table, or has row security that counts for lazada_sof_definer (let the policies name that role, or give it BYPASSRLS)', host_table;
  return false;
end $$;

-- By the texts of the host's columns: of whichever types they are, with what those put behind.
create or replace function public.sof_is_sof(delivery_type text) returns boolean
language sql immutable return pg_catalog.rtrim(delivery_type) = 'sof';
create or replace function public.sof_is_ready(update_shipping text, tool_status text) returns boolean
language sql immutable return (update_shipping = '1' or update_shipping ~ '^(1\.0*|t)$')
  and pg_catalog.rtrim(tool_status) = 'ready_for_delivery';

-- orders ------------------------------------------------------------------------------------------------------------

create or replace function public.sof_orders_inserted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  follows boolean;
begin
  select public.sof_follows(pg_typeof(n.id), pg_typeof(n.account_id), pg_typeof(a.id)) into follows
    from (select) nothing left join new_rows n on false left join account.lazada a on false;
  if not follows or not public.sof_may_read('account.lazada') then return null; end if;

  insert into public.order_lazada (order_id, account_id, asked_at, next_attempt_at)
  select n.id, n.account_id, asked.at, asked.at
    from new_rows n left join account.lazada a on a.id = n.account_id
   cross join lateral (
         select case when public.sof_is_sof(concat(a.delivery_type))
                          and public.sof_is_ready(concat(n.update_shipping), concat(n.tool_status)) then now() end as at
         ) asked
  on conflict (order_id) do nothing;

  if exists (select from new_rows n join account.lazada a on a.id = n.account_id
              where public.sof_is_sof(concat(a.delivery_type))
                and public.sof_is_ready(concat(n.update_shipping), concat(n.tool_status))) then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;
create or replace trigger sof_orders_inserted after insert on public.orders
  referencing new table as new_rows for each statement execute function public.sof_orders_inserted();

-- What is to be written goes into arrays, side by side: an id, the account, whether it is ready.
create or replace function public.sof_orders_updated() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  follows boolean;
  written bigint[];
  accounts bigint[];
  ready boolean[];
  moved bigint[];
  moved_to bigint[];
  due bigint[];
  due_accounts bigint[];
  due_ready boolean[];
begin
  select public.sof_follows(pg_typeof(n.id), pg_typeof(n.account_id), pg_typeof(a.id)) into follows
    from (select) nothing left join new_rows n on false left join account.lazada a on false;
  if not follows or not public.sof_may_read('account.lazada') then return null; end if;

  select array_agg(n.id order by n.id), array_agg(n.account_id order by n.id),
         array_agg(public.sof_is_sof(concat(a.delivery_type))
                   and public.sof_is_ready(concat(n.update_shipping), concat(n.tool_status)) order by n.id)
    into written, accounts, ready
    from new_rows n left join account.lazada a on a.id = n.account_id;
  select array_agg(id order by id), array_agg(account_id order by id) into moved, moved_to
    from (select id, account_id from new_rows except select id, account_id from old_rows) changed;
  select array_agg(changed.id order by changed.id), array_agg(changed.account_id order by changed.id),
         array_agg(public.sof_is_ready(changed.flag, changed.status) order by changed.id)
    into due, due_accounts, due_ready
    from (select id, account_id, concat(update_shipping), concat(tool_status) from new_rows
          except select id, account_id, concat(update_shipping), concat(tool_status) from old_rows
         ) changed (id, account_id, flag, status)
    join account.lazada a on a.id = changed.account_id
   where public.sof_is_sof(concat(a.delivery_type));

  if moved is not null then
    update public.order_lazada l set account_id = m.account_id
      from unnest(moved, moved_to) m (id, account_id) where l.order_id = any (moved) and l.order_id = m.id;
  end if;
  if due is not null then
    insert into public.order_lazada (order_id, account_id, asked_at, next_attempt_at)
    select d.id, d.account_id, case when d.ready then now() end, now()
      from unnest(due, due_accounts, due_ready) d (id, account_id, ready) order by d.id
    on conflict (order_id) do update
       set next_attempt_at = excluded.next_attempt_at, asked_at = coalesce(order_lazada.asked_at, excluded.asked_at);
    perform pg_notify('sof_due', '');
  end if;

  -- A row of ours that was lost, or that an order of before us has not got yet.
  insert into public.order_lazada (order_id, account_id, asked_at, next_attempt_at)
  select w.id, w.account_id, asked.at, asked.at
    from unnest(written, accounts, ready) w (id, account_id, ready)
   cross join lateral (select case when w.ready then now() end as at) asked
   where not exists (select from public.order_lazada l where l.order_id = w.id)
   order by w.id
  on conflict (order_id) do nothing;
  if found then perform pg_notify('sof_due', ''); end if;

  -- An order that could not be read rests without a time, so that it is not told again every 30 s. Any of the columns of the
  -- host's row may have been what was wrong, so any write of it is a reason to look again.
  update public.order_lazada l set next_attempt_at = now()
   where l.order_id = any (written) and l.last_error_code = 'unreadable' and l.next_attempt_at is null;
  if found then perform pg_notify('sof_due', ''); end if;
  return null;
end $$;
create or replace trigger sof_orders_updated after update on public.orders
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.sof_orders_updated();

-- account.lazada ----------------------------------------------------------------------------------------------------

-- New credentials, by whatever door: what was wrong with the old ones is forgotten. So does any other column that parks an
-- account: the country, time zone and path template that nobody can use, the provider that Lazada does not offer. `tokens`
-- are our own encrypting, refreshing and key rotation, which change no credential in earnest.
create or replace function public.sof_account_credentials() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
declare
  is_ours constant boolean := coalesce(public.sof_mark('source') = 'tokens', false);
begin
  -- Which are set, for those who may not read them, and since when.
  new.secrets_set_at := (
    select coalesce(jsonb_object_agg(secret.name,
             case when (secret.was is distinct from secret.now and not is_ours) or not known.at ? secret.name
                  then to_jsonb(now()) else known.at -> secret.name end), '{}')
      from (values ('app_secret', old.app_secret::text, new.app_secret::text),
                   ('access_token', old.access_token::text, new.access_token::text),
                   ('refresh_token', old.refresh_token::text, new.refresh_token::text),
                   ('sof_password', old.sof_password::text, new.sof_password::text)) secret (name, was, now),
           (select coalesce(new.secrets_set_at, '{}')) known (at)
     where secret.now <> '');
  if is_ours then return new; end if;
  if tg_op = 'UPDATE' then
    new.status := 'active';
    new.status_reason := null;
    new.sof_token := null;
    new.sof_token_expires_at := null;
  end if;
  return new;
end $$;
create or replace trigger sof_account_credentials_set before insert on account.lazada
  for each row execute function public.sof_account_credentials();
create or replace trigger sof_account_credentials_changed before update on account.lazada
  for each row when (
    (new.app_key, new.app_secret, new.access_token, new.refresh_token, new.sof_username, new.sof_password,
     new.country, new.timezone, new.invoice_path_template, new.shipment_provider)
    is distinct from
    (old.app_key, old.app_secret, old.access_token, old.refresh_token, old.sof_username, old.sof_password,
     old.country, old.timezone, old.invoice_path_template, old.shipment_provider))
  execute function public.sof_account_credentials();

create or replace function public.sof_accounts_inserted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from new_rows where public.sof_is_sof(concat(delivery_type))) then perform pg_notify('sof_due', ''); end if;
  return null;
end $$;
create or replace trigger sof_accounts_inserted after insert on account.lazada
  referencing new table as new_rows for each statement execute function public.sof_accounts_inserted();

create or replace function public.sof_accounts_updated() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  follows boolean;
  became_sof bigint[];
  sends_not_delivered bigint[];
  says_nothing bigint[];
  due bigint[];
begin
  select public.sof_follows(pg_typeof(n.id), pg_typeof(o.id), pg_typeof(o.account_id)) into follows
    from (select) nothing left join new_rows n on false left join public.orders o on false;
  if not follows then return null; end if;

  insert into public.order_lazada_event (account_id, kind, source, data)
  select n.id, case when concat(n.status) = 'active' then 'account_unparked' else 'account_parked' end,
         public.sof_source(),
         jsonb_strip_nulls(jsonb_build_object(
           'status', concat(n.status),
           'reason', case when concat(n.status) <> 'active' then nullif(concat(n.status_reason), '') end))
    from new_rows n join old_rows o on o.id = n.id
   where (concat(n.status) = 'active') <> (concat(o.status) = 'active');

  select array_agg(n.id) filter (where public.sof_is_sof(concat(n.delivery_type)) and not public.sof_is_sof(concat(o.delivery_type))),
         array_agg(n.id) filter (where concat(n.auto_send_not_delivered) = 't'
                                   and concat(o.auto_send_not_delivered) <> 't'),
         array_agg(n.id) filter (where n.status_reason is null and o.status_reason is not null)
    into became_sof, sends_not_delivered, says_nothing
    from new_rows n join old_rows o on o.id = n.id;

  if became_sof is not null and public.sof_may_read('public.orders') then
    select array_agg(o.id) into due
      from public.orders o join public.order_lazada l on l.order_id = o.id
     where o.account_id = any (became_sof)
       and (public.sof_is_ready(concat(o.update_shipping), 'ready_for_delivery')
            or l.update_delivered = 1 or l.update_not_delivered = 1);
    update public.order_lazada l
       set next_attempt_at = now(),
           asked_at = coalesce(l.asked_at, case when public.sof_is_ready(concat(o.update_shipping), concat(o.tool_status))
                                                then now() end)
      from public.orders o where l.order_id = any (due) and o.id = l.order_id and o.id = any (due);
  end if;

  -- `hold_reason` names only the first hold; a release may be waited for behind it.
  if sends_not_delivered is not null then
    select array_agg(l.order_id) into due
      from public.order_lazada l
     where l.account_id = any (sends_not_delivered) and l.hold_reason is not null
       and (l.hold_reason = 'awaiting_release' or l.update_not_delivered = 1 or l.not_delivered_sent_at is not null
            or exists (select from public.order_lazada_package p
                        where p.order_id = l.order_id
                          and p.not_delivered_at is not null and p.not_delivered_sent_at is null));
    update public.order_lazada set next_attempt_at = now() where order_id = any (due);
  end if;

  -- Packing waits for the account where nobody has said who carries its parcels: `status_reason` says why while it stays
  -- active. Locked in the order in which our services lock them: whoever has one makes this wait, and never the two each other.
  if says_nothing is not null then
    select array_agg(s.order_id) into due
      from public.order_lazada_step s join public.order_lazada l on l.order_id = s.order_id
     where s.step = 'ready_to_ship' and s.error_code = 'unknown_provider' and l.account_id = any (says_nothing);
    update public.order_lazada set next_attempt_at = now()
     where order_id = any (array(
           select order_id from public.order_lazada where order_id = any (due) order by order_id for no key update));
  end if;

  -- Look now also when an account may act (again): its orders kept their times meanwhile.
  if exists (
    select from new_rows n join old_rows o on o.id = n.id
     where format('%L %L %L %L %L %L', n.enabled, n.status, n.delivery_type, n.sof_driver, n.sof_rts,
                  n.auto_send_not_delivered) <>
           format('%L %L %L %L %L %L', o.enabled, o.status, o.delivery_type, o.sof_driver, o.sof_rts,
                  o.auto_send_not_delivered)
        or n.status_reason is null and o.status_reason is not null
        or (public.sof_source() <> 'tokens' and
            format('%L %L %L %L %L %L %L %L %L %L', n.app_key, n.app_secret, n.access_token, n.refresh_token,
                   n.sof_username, n.sof_password, n.country, n.timezone, n.invoice_path_template, n.shipment_provider) <>
            format('%L %L %L %L %L %L %L %L %L %L', o.app_key, o.app_secret, o.access_token, o.refresh_token,
                   o.sof_username, o.sof_password, o.country, o.timezone, o.invoice_path_template, o.shipment_provider))
  ) then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;
create or replace trigger sof_accounts_updated after update on account.lazada
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.sof_accounts_updated();

-- order_lazada ------------------------------------------------------------------------------------------------------

-- BEFORE ROW, because it changes the row itself: no second row version, no recursion; WHEN keeps other updates free.
create or replace function public.sof_instruction_changed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new.asked_at := coalesce(new.asked_at, now());
  if public.sof_mark('whole') = 'on' then return new; end if;

  -- An instruction that is taken back leaves no time behind, else the next one without a time would be sent with it.
  -- Once sent it stands on: its time is kept for packages that appear later.
  if new.update_delivered is distinct from 1 and old.update_delivered = 1 and new.delivered_sent_at is null
     and new.delivered_at is not distinct from old.delivered_at then
    new.delivered_at := null;
  end if;
  if new.update_not_delivered is distinct from 1 and old.update_not_delivered = 1 and new.not_delivered_sent_at is null
     and new.not_delivered_at is not distinct from old.not_delivered_at then
    new.not_delivered_at := null;
  end if;

  if new.update_delivered = 1 and new.delivered_at is null then new.delivered_at := now(); end if;
  if new.update_not_delivered = 1 and new.not_delivered_at is null then new.not_delivered_at := now(); end if;

  -- A release belongs to its instruction: one set anew, or taken back, has to be released again.
  if new.update_not_delivered is distinct from old.update_not_delivered
     and (new.update_not_delivered = 1 or new.not_delivered_sent_at is null)
     and new.not_delivered_released_at is not distinct from old.not_delivered_released_at then
    new.not_delivered_released_at := null;
  end if;

  if new.next_attempt_at is not distinct from old.next_attempt_at then new.next_attempt_at := now(); end if;
  return new;
end $$;
create or replace trigger sof_instruction_changed before update on public.order_lazada
  for each row when (
    (new.update_delivered, new.delivered_at, new.update_not_delivered, new.not_delivered_at,
     new.not_delivered_released_at, new.shipped_at, new.carrier_tracking_number)
    is distinct from
    (old.update_delivered, old.delivered_at, old.update_not_delivered, old.not_delivered_at,
     old.not_delivered_released_at, old.shipped_at, old.carrier_tracking_number)
    -- An order that could not be read: any write of our row by hand is a reason to look again.
    or (old.last_error_code = 'unreadable' and old.next_attempt_at is null))
  execute function public.sof_instruction_changed();

create or replace function public.sof_instructions_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if public.sof_mark('whole') = 'on' then return null; end if;

  -- Made due now by itself, it is somebody's "try now"; the scheduler's own times lie ahead.
  if not exists (
    select order_id, update_delivered, delivered_at, update_not_delivered, not_delivered_at, not_delivered_released_at,
           shipped_at, carrier_tracking_number from new_rows
    except
    select order_id, update_delivered, delivered_at, update_not_delivered, not_delivered_at, not_delivered_released_at,
           shipped_at, carrier_tracking_number from old_rows
  ) and not exists (
    select order_id, next_attempt_at from new_rows where next_attempt_at <= clock_timestamp()
    except select order_id, next_attempt_at from old_rows
  ) then return null; end if;

  insert into public.order_lazada_event (order_id, kind, source, data)
  select order_id,
         case when is_set then 'flag_set' else 'withdrawn' end,
         public.sof_source(),
         jsonb_strip_nulls(jsonb_build_object(
           'status', status,
           'at', case when is_set then new_at else old_at end,
           'timeFilled', case when is_set and new_at = now() then true end))
    from (select order_id, status,
                 bool_or(flag is not distinct from 1) filter (where is_new) as is_set,
                 bool_or(flag is not distinct from 1) filter (where not is_new) as was_set,
                 max(at) filter (where is_new) as new_at,
                 max(at) filter (where not is_new) as old_at,
                 max(sent_at) filter (where is_new) as sent_at
            from (select order_id, 'delivered', true, update_delivered, delivered_at, delivered_sent_at from new_rows
                  union all
                  select order_id, 'delivered', false, update_delivered, delivered_at, delivered_sent_at from old_rows
                  union all
                  select order_id, 'not_delivered', true, update_not_delivered, not_delivered_at, not_delivered_sent_at
                    from new_rows
                  union all
                  select order_id, 'not_delivered', false, update_not_delivered, not_delivered_at, not_delivered_sent_at
                    from old_rows) version (order_id, status, is_new, flag, at, sent_at)
           group by order_id, status) instruction
   where is_set <> was_set and (is_set or sent_at is null)
   order by order_id, status;

  perform pg_notify('sof_due', '');
  return null;
end $$;
create or replace trigger sof_instructions_changed after update on public.order_lazada
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.sof_instructions_changed();

-- console_user --------------------------------------------------------------------------------------------------------

-- A changed password, by whatever door, ends all of that person's sessions.
create or replace function public.sof_password_changed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from public.console_session where user_id = new.id;
  return null;
end $$;
create or replace trigger console_user_password_changed after update on public.console_user
  for each row when (new.password_hash is distinct from old.password_hash)
  execute function public.sof_password_changed();

-- Who may execute what runs as us -------------------------------------------------------------------------------------

-- What only answers, everybody, also where a host's defaults say otherwise; what writes, nobody: put on a table of his own,
-- each of these would run what he likes.
grant execute on function public.sof_mark(text), public.sof_source(), public.sof_follows(regtype[]),
  public.sof_may_read(text), public.sof_is_sof(text), public.sof_is_ready(text, text) to public;
revoke execute on function public.sof_orders_inserted(), public.sof_orders_updated(), public.sof_accounts_inserted(),
  public.sof_accounts_updated(), public.sof_instructions_changed() from public;
