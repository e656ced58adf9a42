-- What happens when the host writes. Three rules hold for every function here:
--
-- - The host's role needs no right on our tables: functions that write them are SECURITY DEFINER with a fixed
--   search_path. BEFORE ROW functions only assign to NEW, which needs no right at all.
-- - One notification per statement on channel `sof_due`, without content: it says "look now" and nothing more.
-- - Transition tables cannot be combined with `UPDATE OF column`: the functions compare old and new rows, by `except`,
--   since a join of the two may be planned as a nested loop and cost the square of the rows. Changed ids go into an array
--   first, since the planner knows nothing of transition tables and would read all of `order_lazada`.
--
-- Two settings of a transaction are read. `lazada_sof.source` says who writes (`api`, a service's name; unset: `host`).
-- `lazada_sof.whole = on` says that the writer computed whole orders, their times, events and next look included:
-- then the triggers on `order_lazada` add nothing.

create or replace function public.sof_source() returns text
language sql stable set search_path = pg_catalog, pg_temp
as $$ select coalesce(nullif(current_setting('lazada_sof.source', true), ''), 'host') $$;

-- orders ------------------------------------------------------------------------------------------------------------

create or replace function public.sof_orders_inserted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  insert into public.order_lazada (order_id, account_id, next_attempt_at)
  select n.id, n.account_id,
         case when a.delivery_type = 'sof' and n.update_shipping = 1 and n.tool_status = 'ready_for_delivery'
              then now() end
    from new_rows n left join account.lazada a on a.id = n.account_id
  on conflict (order_id) do nothing;

  if exists (select from new_rows n join account.lazada a on a.id = n.account_id
              where a.delivery_type = 'sof' and n.update_shipping = 1 and n.tool_status = 'ready_for_delivery') then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;
create or replace trigger sof_orders_inserted after insert on public.orders
  referencing new table as new_rows for each statement execute function public.sof_orders_inserted();

create or replace function public.sof_orders_updated() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  moved bigint[];
  due bigint[];
begin
  select array_agg(id) into moved
    from (select id, account_id from new_rows except select id, account_id from old_rows) changed;
  select array_agg(changed.id) into due
    from (select id, account_id, update_shipping, tool_status from new_rows
          except select id, account_id, update_shipping, tool_status from old_rows) changed
    join account.lazada a on a.id = changed.account_id
   where a.delivery_type = 'sof';

  if moved is not null then
    update public.order_lazada l set account_id = o.account_id
      from public.orders o where l.order_id = any (moved) and o.id = l.order_id and o.id = any (moved);
  end if;
  if due is not null then
    insert into public.order_lazada (order_id, account_id, next_attempt_at)
    select o.id, o.account_id, now() from public.orders o where o.id = any (due) order by o.id
    on conflict (order_id) do update set next_attempt_at = excluded.next_attempt_at;
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;
create or replace trigger sof_orders_updated after update on public.orders
  referencing old table as old_rows new table as new_rows
  for each statement execute function public.sof_orders_updated();

-- account.lazada ----------------------------------------------------------------------------------------------------

-- New credentials, by whatever door: what was wrong with the old ones is forgotten. `tokens` are our own encrypting,
-- refreshing and key rotation, which change no credential in earnest.
create or replace function public.sof_account_credentials() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('lazada_sof.source', true) = 'tokens' then return new; end if;
  new.secrets_set_at := coalesce(new.secrets_set_at, '{}') || jsonb_strip_nulls(jsonb_build_object(
    'app_secret', case when new.app_secret is distinct from old.app_secret then now() end,
    'access_token', case when new.access_token is distinct from old.access_token then now() end,
    'refresh_token', case when new.refresh_token is distinct from old.refresh_token then now() end,
    'sof_password', case when new.sof_password is distinct from old.sof_password then now() end));
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
    (new.app_key, new.app_secret, new.access_token, new.refresh_token, new.sof_username, new.sof_password)
    is distinct from
    (old.app_key, old.app_secret, old.access_token, old.refresh_token, old.sof_username, old.sof_password))
  execute function public.sof_account_credentials();

create or replace function public.sof_accounts_inserted() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if exists (select from new_rows where delivery_type = 'sof') then perform pg_notify('sof_due', ''); end if;
  return null;
end $$;
create or replace trigger sof_accounts_inserted after insert on account.lazada
  referencing new table as new_rows for each statement execute function public.sof_accounts_inserted();

create or replace function public.sof_accounts_updated() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  became_sof bigint[];
  sends_not_delivered bigint[];
  due bigint[];
begin
  insert into public.order_lazada_event (account_id, kind, source, data)
  select n.id, case when n.status = 'active' then 'account_unparked' else 'account_parked' end, public.sof_source(),
         jsonb_strip_nulls(jsonb_build_object(
           'status', n.status, 'reason', case when n.status <> 'active' then n.status_reason end))
    from new_rows n join old_rows o on o.id = n.id
   where (n.status = 'active') <> (o.status = 'active');

  select array_agg(n.id) filter (where n.delivery_type = 'sof' and o.delivery_type is distinct from 'sof'),
         array_agg(n.id) filter (where n.auto_send_not_delivered and not o.auto_send_not_delivered)
    into became_sof, sends_not_delivered
    from new_rows n join old_rows o on o.id = n.id;

  if became_sof is not null then
    select array_agg(o.id) into due
      from public.orders o join public.order_lazada l on l.order_id = o.id
     where o.account_id = any (became_sof)
       and (o.update_shipping = 1 or l.update_delivered = 1 or l.update_not_delivered = 1);
    update public.order_lazada set next_attempt_at = now() where order_id = any (due);
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

  -- Look now also when an account may act (again): its orders kept their times meanwhile.
  if exists (
    select from new_rows n join old_rows o on o.id = n.id
     where (n.enabled, n.status, n.delivery_type, n.sof_driver, n.sof_rts, n.auto_send_not_delivered) is distinct from
           (o.enabled, o.status, o.delivery_type, o.sof_driver, o.sof_rts, o.auto_send_not_delivered)
        or (public.sof_source() <> 'tokens' and
            (n.app_key, n.app_secret, n.access_token, n.refresh_token, n.sof_username, n.sof_password) is distinct from
            (o.app_key, o.app_secret, o.access_token, o.refresh_token, o.sof_username, o.sof_password))
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
  if current_setting('lazada_sof.whole', true) = 'on' then return new; end if;

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
     old.not_delivered_released_at, old.shipped_at, old.carrier_tracking_number))
  execute function public.sof_instruction_changed();

create or replace function public.sof_instructions_changed() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  if current_setting('lazada_sof.whole', true) = 'on' then return null; end if;

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

-- What was there before -----------------------------------------------------------------------------------------------

-- After the triggers, whose creation keeps writers of `orders` out until this transaction ends: no order falls between.
insert into public.order_lazada (order_id, account_id, next_attempt_at)
select o.id, o.account_id,
       case when a.delivery_type = 'sof' and o.update_shipping = 1 and o.tool_status = 'ready_for_delivery'
            then now() end
  from public.orders o left join account.lazada a on a.id = o.account_id
on conflict (order_id) do nothing;
