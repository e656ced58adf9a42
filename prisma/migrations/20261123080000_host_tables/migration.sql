-- The tables of the host system: accounts, orders and their items. On a database where it lives they exist, with more
-- columns, rows and id defaults of its own: then nothing of it is touched, only what is ours is added. Elsewhere they
-- are created. Everything here may run again.

create schema if not exists account;

create table if not exists account.lazada (
  id bigserial not null,
  name text not null,
  constraint lazada_pkey primary key (id),
  constraint lazada_name_key unique (name)
);
alter table account.lazada
  add column if not exists country text,
  add column if not exists timezone text,
  add column if not exists app_key text,
  add column if not exists app_secret text,
  add column if not exists access_token text,
  add column if not exists refresh_token text,
  add column if not exists access_token_expires_at timestamptz(6),
  add column if not exists refresh_token_expires_at timestamptz(6),
  add column if not exists shipment_provider text,
  add column if not exists delivery_type text,
  -- From here on ours.
  add column if not exists sof_username text,
  add column if not exists sof_password text,
  add column if not exists sof_token text,
  add column if not exists sof_token_expires_at timestamptz(6),
  -- When the token was made: it is made anew when a tenth of that is left, or 30 s. Null: nobody knows.
  add column if not exists sof_token_life_seconds int,
  add column if not exists sof_driver text not null default 'sofp',
  add column if not exists sof_rts text not null default 'package',
  add column if not exists auto_send_not_delivered boolean not null default false,
  add column if not exists invoice_path_template text,
  add column if not exists enabled boolean not null default true,
  add column if not exists status text not null default 'active',
  add column if not exists status_reason text,
  -- Which secrets are set, by column name, and since when; null: since before us. Secrets themselves are never shown.
  add column if not exists secrets_set_at jsonb not null default '{}';

create table if not exists public.orders (
  id bigserial not null,
  account_id bigint not null,
  order_number text not null,
  constraint orders_pkey primary key (id),
  constraint orders_account_id_order_number_key unique (account_id, order_number),
  constraint orders_account_id_fkey foreign key (account_id) references account.lazada (id)
    on delete cascade on update cascade
);
alter table public.orders
  add column if not exists tool_status text,
  add column if not exists update_shipping smallint default 0,
  add column if not exists tracking_number text,
  -- No default: null means that nobody told when the order was placed, and no rule compares with it.
  add column if not exists created_at timestamptz(6),
  add column if not exists updated_at timestamptz(6);

create table if not exists public.order_items (
  id bigserial not null,
  order_id bigint not null,
  order_item_id text not null,
  constraint order_items_pkey primary key (id),
  constraint order_items_order_id_order_item_id_key unique (order_id, order_item_id),
  constraint order_items_order_id_fkey foreign key (order_id) references public.orders (id)
    on delete cascade on update cascade
);
alter table public.order_items
  add column if not exists sku text,
  add column if not exists tracking_number text;

create table if not exists public.marketplace_manifests (
  id bigserial not null,
  constraint marketplace_manifests_pkey primary key (id)
);
alter table public.marketplace_manifests
  add column if not exists marketplace text,
  add column if not exists account_id bigint,
  add column if not exists manifest_date date,
  add column if not exists order_item_ids jsonb not null default '[]',
  add column if not exists status text,
  add column if not exists file bytea,
  add column if not exists file_mime text,
  add column if not exists error text;
-- Documents are compressed already: store their bytes as they are.
alter table public.marketplace_manifests alter column file set storage external;

update account.lazada a
   set secrets_set_at = (select jsonb_object_agg(secret.name, null)
                           from (values ('app_secret', app_secret::text), ('access_token', access_token::text),
                                        ('refresh_token', refresh_token::text), ('sof_password', sof_password::text))
                                secret (name, value)
                          where secret.value <> '')
 where secrets_set_at = '{}'
   and concat(app_secret, access_token, refresh_token, sof_password) <> '';

-- Accounts that were `sof` before there was a place for their sign-in cannot act, and those without a country of Lazada's
-- would be taken to another country. They are named and switched off.
do $$
declare
  old record;
  missing text;
begin
  for old in
    select id, name, country::text as country, sof_driver = 'sofp'
           and (coalesce(sof_username, '') = '' or coalesce(sof_password, '') = '') as no_login
      from account.lazada
     where enabled and delivery_type::text = 'sof'
     order by id
  loop
    missing := concat_ws(' and ',
      case when old.no_login then 'no sof_username and sof_password' end,
      case when old.country ~* '^\s*(SG|MY|TH|VN|PH|ID)\s*$' is not true then
        coalesce('country "' || nullif(btrim(old.country), '') || '", which is none of Lazada''s', 'no country') end);
    continue when missing = '';
    raise notice 'account % (id %) has delivery_type sof and %: it is disabled now. Set it right (country: SG, MY, TH, VN, PH or ID) and enable it.',
      old.name, old.id, missing;
    update account.lazada set enabled = false, status_reason = 'disabled by the migration: it has ' || missing
     where id = old.id;
  end loop;
end $$;

alter table account.lazada
  drop constraint if exists lazada_sof_driver_check,
  drop constraint if exists lazada_sof_rts_check,
  drop constraint if exists lazada_status_check,
  drop constraint if exists lazada_sof_needs_username_and_password,
  drop constraint if exists lazada_sof_needs_country;
alter table account.lazada
  add constraint lazada_sof_driver_check check (sof_driver in ('sofp', 'dbs')),
  add constraint lazada_sof_rts_check check (sof_rts in ('package', 'legacy')),
  add constraint lazada_status_check check (status in ('active', 'auth_failed', 'reauth_required')),
  add constraint lazada_sof_needs_username_and_password check (
    not enabled or delivery_type::text is distinct from 'sof' or sof_driver <> 'sofp'
    or (coalesce(sof_username, '') <> '' and coalesce(sof_password, '') <> '')),
  -- The host may write it in small letters.
  add constraint lazada_sof_needs_country check (
    not enabled or delivery_type::text is distinct from 'sof'
    or country::text ~* '^\s*(SG|MY|TH|VN|PH|ID)\s*$' is true);
