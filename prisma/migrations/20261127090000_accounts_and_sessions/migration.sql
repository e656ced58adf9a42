-- Accounts: their country is checked, and what parks them by itself un-parks them when it is corrected. People: their sessions
-- end on the server. Everything here may run again.

-- Of the stored SOF token, when it was made: it is made anew when a tenth of that is left, or 30 s. Null: nobody knows.
alter table account.lazada add column if not exists sof_token_life_seconds int;

-- Accounts that were `sof` without a country of Lazada's were taken for Singapore. They are named and switched off.
do $$
declare old record;
begin
  for old in
    select id, name, country::text as country from account.lazada
     where enabled and delivery_type = 'sof' and country::text ~* '^\s*(SG|MY|TH|VN|PH|ID)\s*$' is not true
     order by id
  loop
    raise notice 'account % (id %) has delivery_type sof and %: it is disabled now. Set country to SG, MY, TH, VN, PH or ID and enable it.',
      old.name, old.id, coalesce('country "' || nullif(btrim(old.country), '') || '", which is none of Lazada''s', 'no country');
    update account.lazada
       set enabled = false, status_reason = 'disabled by the migration: country is none of SG, MY, TH, VN, PH, ID'
     where id = old.id;
  end loop;
end $$;

-- The host may write it in small letters.
alter table account.lazada drop constraint if exists lazada_sof_needs_country;
alter table account.lazada add constraint lazada_sof_needs_country check (
  not enabled or delivery_type is distinct from 'sof'
  or country::text ~* '^\s*(SG|MY|TH|VN|PH|ID)\s*$' is true);

-- Packing waits for the account where nobody has said who carries its parcels: `status_reason` says why while it stays
-- active, and its orders are due at once when it says so no more.

-- A column that parks an account un-parks it when it is written anew, as the credentials do: the country, time zone and
-- path template that nobody can use, the provider that Lazada does not offer.
create or replace trigger sof_account_credentials_changed before update on account.lazada
  for each row when (
    (new.app_key, new.app_secret, new.access_token, new.refresh_token, new.sof_username, new.sof_password,
     new.country, new.timezone, new.invoice_path_template, new.shipment_provider)
    is distinct from
    (old.app_key, old.app_secret, old.access_token, old.refresh_token, old.sof_username, old.sof_password,
     old.country, old.timezone, old.invoice_path_template, old.shipment_provider))
  execute function public.sof_account_credentials();

create or replace function public.sof_accounts_updated() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  became_sof bigint[];
  sends_not_delivered bigint[];
  says_nothing bigint[];
  due bigint[];
begin
  insert into public.order_lazada_event (account_id, kind, source, data)
  select n.id, case when n.status = 'active' then 'account_unparked' else 'account_parked' end, public.sof_source(),
         jsonb_strip_nulls(jsonb_build_object(
           'status', n.status, 'reason', case when n.status <> 'active' then n.status_reason end))
    from new_rows n join old_rows o on o.id = n.id
   where (n.status = 'active') <> (o.status = 'active');

  select array_agg(n.id) filter (where n.delivery_type = 'sof' and o.delivery_type is distinct from 'sof'),
         array_agg(n.id) filter (where n.auto_send_not_delivered and not o.auto_send_not_delivered),
         array_agg(n.id) filter (where n.status_reason is null and o.status_reason is not null)
    into became_sof, sends_not_delivered, says_nothing
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

  -- Locked in the order in which our services lock them: whoever has one makes this wait, and never the two each other.
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
     where (n.enabled, n.status, n.delivery_type, n.sof_driver, n.sof_rts, n.auto_send_not_delivered) is distinct from
           (o.enabled, o.status, o.delivery_type, o.sof_driver, o.sof_rts, o.auto_send_not_delivered)
        or n.status_reason is null and o.status_reason is not null
        or (public.sof_source() <> 'tokens' and
            (n.app_key, n.app_secret, n.access_token, n.refresh_token, n.sof_username, n.sof_password,
             n.country, n.timezone, n.invoice_path_template, n.shipment_provider) is distinct from
            (o.app_key, o.app_secret, o.access_token, o.refresh_token, o.sof_username, o.sof_password,
             o.country, o.timezone, o.invoice_path_template, o.shipment_provider))
  ) then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;

-- Sessions of people: they end here, not with the cookie.
create table if not exists public.console_session (
  secret_sha256 bytea not null,
  user_id bigint not null,
  expires_at timestamptz(6) not null,
  created_at timestamptz(6) not null default now(),
  constraint console_session_pkey primary key (secret_sha256),
  constraint console_session_user_id_fkey foreign key (user_id) references public.console_user (id)
    on delete cascade on update cascade
);
create index if not exists console_session_user_id_idx on public.console_session (user_id);
create index if not exists console_session_expires_at_idx on public.console_session (expires_at);

-- A changed password, by whatever door, ends all of that person's.
create or replace function public.sof_password_changed() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  delete from public.console_session where user_id = new.id;
  return null;
end $$;
create or replace trigger console_user_password_changed after update on public.console_user
  for each row when (new.password_hash is distinct from old.password_hash)
  execute function public.sof_password_changed();

-- Blocked until now by a refusal that is a wait of the account from here on: found by the next plan, so made due.
update public.order_lazada set next_attempt_at = now()
 where order_id in (select order_id from public.order_lazada_step
                     where step = 'ready_to_ship' and error_code = 'unknown_provider' and blocked);
