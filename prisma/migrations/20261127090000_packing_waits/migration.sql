-- Packing waits for the account where nobody has said who carries its parcels: its `status_reason` says why while it stays
-- active. Two things end that, and its orders are due at once: another `shipment_provider` or `country`, which are treated
-- as credentials are (the account is active, with nothing said against it, and is checked anew), and whoever finds that
-- packing goes on. Functions are replaced as a whole, triggers only where their condition is another one.

create or replace trigger sof_account_credentials_changed before update on account.lazada
  for each row when (
    (new.app_key, new.app_secret, new.access_token, new.refresh_token, new.sof_username, new.sof_password,
     new.shipment_provider, new.country)
    is distinct from
    (old.app_key, old.app_secret, old.access_token, old.refresh_token, old.sof_username, old.sof_password,
     old.shipment_provider, old.country))
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
             n.shipment_provider, n.country) is distinct from
            (o.app_key, o.app_secret, o.access_token, o.refresh_token, o.sof_username, o.sof_password,
             o.shipment_provider, o.country))
  ) then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;

-- Blocked until now by a refusal that is a wait of the account from here on: found by the next plan, so made due.
update public.order_lazada set next_attempt_at = now()
 where order_id in (select order_id from public.order_lazada_step
                     where step = 'ready_to_ship' and error_code = 'unknown_provider' and blocked);
