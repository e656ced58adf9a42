-- What a session says of itself is asked for each row that is written: in this language its plan is kept, and a host, which
-- says nothing, pays nothing. Who may say what is as it was.
create or replace function public.sof_mark(mark text) returns text
language plpgsql stable set search_path = pg_catalog, pg_temp as $$
declare
  said constant text := nullif(current_setting('lazada_sof.' || mark, true), '');
begin
  if said is null then return null; end if;
  if exists (select from pg_class where oid = 'public.order_lazada'::regclass
                                    and pg_has_role(session_user, relowner, 'USAGE'))
     or exists (select from pg_roles where rolname in ('lazada_sof_services', 'lazada_sof_api')
                                       and pg_has_role(session_user, oid, 'USAGE')) then
    return said;
  end if;
  return null;
end $$;
