-- An order that cannot be read or planned rests without a time, so that it is not told again every 30 s; `last_error_code`
-- is `unreadable`. Whoever writes its row may have mended it: then it is looked at again.

-- As before, and then: any write of the host's row, since any of its columns may have been what could not be read.
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

  update public.order_lazada l set next_attempt_at = now()
   where l.order_id = any (array(select id from new_rows))
     and l.last_error_code = 'unreadable' and l.next_attempt_at is null;
  if found then
    perform pg_notify('sof_due', '');
  end if;
  return null;
end $$;

-- As before, and any write of our row by hand.
create or replace trigger sof_instruction_changed before update on public.order_lazada
  for each row when (
    (new.update_delivered, new.delivered_at, new.update_not_delivered, new.not_delivered_at,
     new.not_delivered_released_at, new.shipped_at, new.carrier_tracking_number)
    is distinct from
    (old.update_delivered, old.delivered_at, old.update_not_delivered, old.not_delivered_at,
     old.not_delivered_released_at, old.shipped_at, old.carrier_tracking_number)
    or (old.last_error_code = 'unreadable' and old.next_attempt_at is null))
  execute function public.sof_instruction_changed();
