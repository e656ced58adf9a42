-- What we know and owe of each order. Our rows hang on `order_lazada`, and it alone on the host's order: so a row of
-- ours never takes a lock on the host's table after one on ours, which could end in a deadlock with the host.

create table if not exists public.order_lazada (
  order_id bigint not null,
  -- A copy of the order's, kept by a trigger. No foreign key: an order of the host must not fail because of us.
  account_id bigint,

  -- The host's way in. A flag means set at 1, and not set at anything else.
  update_delivered smallint default 0,
  delivered_at timestamptz(6),
  update_not_delivered smallint default 0,
  not_delivered_at timestamptz(6),
  not_delivered_reason text,
  shipped_at timestamptz(6),
  carrier text,
  carrier_tracking_number text,

  -- Ours.
  -- When something was first asked for the order, kept by triggers. Null: never, as with most orders of a host.
  asked_at timestamptz(6),
  delivered_sent_at timestamptz(6),
  not_delivered_sent_at timestamptz(6),
  not_delivered_released_at timestamptz(6),
  items jsonb,
  items_read_at timestamptz(6),

  -- The summary: every write of ours recomputes it, and it decides nothing.
  status text not null default 'new',
  hold_reason text,
  blocked_step text,
  last_error_code text,
  last_error text,
  confirmed_at timestamptz(6),
  invoice_status text not null default 'none',

  -- Due mark, wake-up and lease at once.
  next_attempt_at timestamptz(6),

  constraint order_lazada_pkey primary key (order_id),
  constraint order_lazada_order_id_fkey foreign key (order_id) references public.orders (id)
    on delete cascade on update cascade,
  constraint order_lazada_status_check check (status in
    ('new', 'packed', 'ready_to_ship', 'shipped', 'delivered', 'not_delivered', 'partially_delivered', 'cancelled')),
  constraint order_lazada_hold_reason_check check (hold_reason in
    ('cancel_pending', 'conflict', 'not_sof', 'too_early', 'out_of_order', 'awaiting_tracking', 'awaiting_release',
     'status_mismatch', 'tracking_missing')),
  constraint order_lazada_invoice_status_check check (invoice_status in
    ('none', 'waiting', 'fetched', 'uploaded', 'missing', 'unsupported', 'render_failed'))
);
-- Every claim moves an indexed column and leaves a dead row behind.
alter table public.order_lazada set (
  autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_threshold = 500,
  autovacuum_analyze_scale_factor = 0.02, autovacuum_vacuum_cost_delay = 0
);
-- Read once per active account; with the time alone the planner takes the wrong index at millions of rows.
create index if not exists order_lazada_due on public.order_lazada (account_id, next_attempt_at)
  where next_attempt_at is not null;
-- For lists (order-list.ts) and for gauges, which never count all rows. A row stands in one index of each group: what it
-- costs to write does not grow with their number, and orders for which nothing was asked stand in the first one alone.
create index if not exists order_lazada_new on public.order_lazada (account_id, order_id) where status = 'new';
create index if not exists order_lazada_open on public.order_lazada (account_id, status, order_id)
  where status not in ('new', 'delivered', 'not_delivered', 'cancelled');
create index if not exists order_lazada_ended on public.order_lazada (account_id, status, order_id)
  where status in ('delivered', 'not_delivered', 'cancelled');

create index if not exists order_lazada_invoice_none on public.order_lazada (account_id, order_id)
  where invoice_status = 'none' and status <> 'new';
create index if not exists order_lazada_invoice_open on public.order_lazada (account_id, invoice_status, order_id)
  where invoice_status not in ('none', 'uploaded');
create index if not exists order_lazada_invoice_uploaded on public.order_lazada (account_id, order_id)
  where invoice_status = 'uploaded';

create index if not exists order_lazada_held on public.order_lazada (account_id, hold_reason, order_id)
  where hold_reason is not null;
create index if not exists order_lazada_blocked on public.order_lazada (account_id, blocked_step, order_id)
  where blocked_step is not null;
-- Those of `order_lazada_new` that count as open. Without `next_attempt_at`, which would put a row in and out with each claim.
create index if not exists order_lazada_asked on public.order_lazada (order_id)
  where status = 'new' and (asked_at is not null or items_read_at is not null
                            or hold_reason is not null or blocked_step is not null);
-- People ask for a parcel by whichever number they have.
create index if not exists order_lazada_carrier_number on public.order_lazada (carrier_tracking_number)
  where carrier_tracking_number is not null;

create table if not exists public.order_lazada_package (
  id bigserial not null,
  order_id bigint not null,
  package_id text not null,
  tracking_number text,
  shipment_provider text,
  state text not null,
  carrier text,
  carrier_tracking_number text,
  ready_to_ship_at timestamptz(6),
  shipped_at timestamptz(6),
  shipped_sent_at timestamptz(6),
  delivered_at timestamptz(6),
  delivered_sent_at timestamptz(6),
  not_delivered_at timestamptz(6),
  not_delivered_sent_at timestamptz(6),
  confirmed_at timestamptz(6),
  constraint order_lazada_package_pkey primary key (id),
  constraint order_lazada_package_order_id_package_id_key unique (order_id, package_id),
  constraint order_lazada_package_order_id_fkey foreign key (order_id) references public.order_lazada (order_id)
    on delete cascade on update cascade,
  constraint order_lazada_package_state_check check (state in
    ('packed', 'ready_to_ship', 'shipped', 'delivered', 'not_delivered', 'cancelled'))
);
create index if not exists order_lazada_package_package_id_idx on public.order_lazada_package (package_id);
create index if not exists order_lazada_package_tracking_number on public.order_lazada_package (tracking_number)
  where tracking_number is not null;
create index if not exists order_lazada_package_carrier_number on public.order_lazada_package (carrier_tracking_number)
  where carrier_tracking_number is not null;

create table if not exists public.order_lazada_step (
  order_id bigint not null,
  step text not null,
  ref text not null default '',
  due_at timestamptz(6),
  since timestamptz(6) not null default now(),
  tries int not null default 0,
  blocked boolean not null default false,
  error_code text,
  error text,
  constraint order_lazada_step_pkey primary key (order_id, step, ref),
  constraint order_lazada_step_order_id_fkey foreign key (order_id) references public.order_lazada (order_id)
    on delete cascade on update cascade,
  constraint order_lazada_step_step_check check (step in
    ('ready_to_ship', 'tracking', 'shipped', 'delivered', 'not_delivered', 'confirm', 'look', 'invoice_fetch',
     'invoice_upload', 'carrier_poll'))
);
create index if not exists order_lazada_step_blocked on public.order_lazada_step (step) where blocked;

create table if not exists public.order_lazada_attempt (
  id bigserial not null,
  order_id bigint not null,
  package_id bigint not null,
  tracking_number text not null default '',
  status text not null,
  occurred_at timestamptz(6) not null,
  outcome text not null default 'sending',
  started_at timestamptz(6) not null default now(),
  closed_at timestamptz(6),
  http_status int,
  answer text,
  request_id text,
  constraint order_lazada_attempt_pkey primary key (id),
  constraint order_lazada_attempt_order_id_fkey foreign key (order_id) references public.order_lazada (order_id)
    on delete cascade on update cascade,
  constraint order_lazada_attempt_package_id_fkey foreign key (package_id) references public.order_lazada_package (id)
    on delete cascade on update cascade,
  constraint order_lazada_attempt_status_check check (status in ('shipped', 'delivered', 'not_delivered')),
  constraint order_lazada_attempt_outcome_check check (outcome in
    ('sending', 'unknown', 'accepted', 'refused', 'void'))
);
-- One `shipped` and one end per package and tracking number: the two ends share a slot, so the database itself
-- forbids both, and the same status twice.
create unique index if not exists order_lazada_attempt_slot
  on public.order_lazada_attempt (package_id, tracking_number, (status = 'shipped'))
  where outcome in ('sending', 'unknown', 'accepted');
create index if not exists order_lazada_attempt_order_id_idx on public.order_lazada_attempt (order_id);
create index if not exists order_lazada_attempt_package_id_idx on public.order_lazada_attempt (package_id);

create table if not exists public.order_lazada_document (
  id bigserial not null,
  order_id bigint not null,
  doc_type text not null,
  part int not null default 1,
  revision int not null default 1,
  order_item_ids jsonb not null default '[]',
  source bytea not null,
  source_mime text,
  source_sha256 text not null,
  pdf bytea,
  pdf_sha256 text,
  path text,
  uploaded_at timestamptz(6),
  created_at timestamptz(6) not null default now(),
  constraint order_lazada_document_pkey primary key (id),
  constraint order_lazada_document_order_id_doc_type_part_revision_key unique (order_id, doc_type, part, revision),
  constraint order_lazada_document_order_id_fkey foreign key (order_id) references public.order_lazada (order_id)
    on delete cascade on update cascade
);
alter table public.order_lazada_document
  alter column source set storage external,
  alter column pdf set storage external;

create table if not exists public.order_lazada_event (
  id bigserial not null,
  order_id bigint,
  account_id bigint,
  package_id bigint,
  at timestamptz(6) not null default now(),
  kind text not null,
  source text not null,
  data jsonb not null default '{}',
  request_id text,
  constraint order_lazada_event_pkey primary key (id),
  constraint order_lazada_event_order_id_fkey foreign key (order_id) references public.order_lazada (order_id)
    on delete cascade on update cascade,
  constraint order_lazada_event_account_id_fkey foreign key (account_id) references account.lazada (id)
    on delete cascade on update cascade,
  constraint order_lazada_event_package_id_fkey foreign key (package_id) references public.order_lazada_package (id)
    on delete cascade on update cascade
);
create index if not exists order_lazada_event_order_id_id_idx on public.order_lazada_event (order_id, id);
create index if not exists order_lazada_event_account_id_id_idx on public.order_lazada_event (account_id, id);
create index if not exists order_lazada_event_package_id_idx on public.order_lazada_event (package_id);
-- The same request twice has one effect, for as long as the order is kept.
create unique index if not exists order_lazada_event_request
  on public.order_lazada_event (order_id, (data ->> 'requestId')) where data ? 'requestId';

create table if not exists public.import_file (
  id bigserial not null,
  file_name text not null,
  sha256 text not null,
  bytes bigint not null,
  source text not null,
  dry_run boolean not null default false,
  status text not null default 'received',
  duplicate_of bigint,
  rows int not null default 0,
  accepted int not null default 0,
  refused int not null default 0,
  error text,
  created_at timestamptz(6) not null default now(),
  started_at timestamptz(6),
  finished_at timestamptz(6),
  constraint import_file_pkey primary key (id),
  constraint import_file_duplicate_of_fkey foreign key (duplicate_of) references public.import_file (id)
    on delete set null on update cascade,
  constraint import_file_status_check check (status in ('received', 'running', 'done', 'failed', 'duplicate'))
);
-- The same file twice has one effect; one that failed, and one that was only tried out, may come again.
create unique index if not exists import_file_once on public.import_file (sha256)
  where status in ('received', 'running', 'done') and not dry_run;
create index if not exists import_file_duplicate_of_idx on public.import_file (duplicate_of);

create table if not exists public.import_chunk (
  import_id bigint not null,
  position int not null,
  bytes bytea not null,
  constraint import_chunk_pkey primary key (import_id, position),
  constraint import_chunk_import_id_fkey foreign key (import_id) references public.import_file (id)
    on delete cascade on update cascade
);
alter table public.import_chunk alter column bytes set storage external;

create table if not exists public.import_error (
  id bigserial not null,
  import_id bigint not null,
  line int not null,
  field text not null,
  value text not null,
  reason text not null,
  constraint import_error_pkey primary key (id),
  constraint import_error_import_id_fkey foreign key (import_id) references public.import_file (id)
    on delete cascade on update cascade
);
create index if not exists import_error_import_id_line_idx on public.import_error (import_id, line);

create table if not exists public.api_key (
  id bigserial not null,
  name text not null,
  key_sha256 bytea not null,
  scopes text[] not null,
  created_at timestamptz(6) not null default now(),
  last_used_at timestamptz(6),
  revoked_at timestamptz(6),
  constraint api_key_pkey primary key (id),
  constraint api_key_key_sha256_key unique (key_sha256)
);
-- A name that was revoked may be given again: a key is renewed under its name.
create unique index if not exists api_key_name_idx on public.api_key (name) where revoked_at is null;

-- A request that is sent again with its key gets the answer of the first. `client` is who sent it: keys of two
-- clients never meet.
create table if not exists public.idempotency_key (
  client text not null,
  key text not null,
  request_sha256 bytea not null,
  status int,
  answer jsonb,
  created_at timestamptz(6) not null default now(),
  constraint idempotency_key_pkey primary key (client, key)
);
create index if not exists idempotency_key_created_at_idx on public.idempotency_key (created_at);

create table if not exists public.console_user (
  id bigserial not null,
  name text not null,
  password_hash text not null,
  role text not null,
  failed_tries int not null default 0,
  locked_until timestamptz(6),
  created_at timestamptz(6) not null default now(),
  constraint console_user_pkey primary key (id),
  constraint console_user_name_key unique (name),
  constraint console_user_role_check check (role in ('viewer', 'clerk', 'operator', 'admin'))
);

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

-- How far `sof migrate` has given the host's orders of before their rows, by their ids. One row; done where `finished_at` is
-- set.
create table if not exists public.order_lazada_backfill (
  one boolean not null default true,
  -- The last id that was looked at; null: none yet.
  done_to bigint,
  added bigint not null default 0,
  started_at timestamptz(6) not null default now(),
  finished_at timestamptz(6),
  constraint order_lazada_backfill_pkey primary key (one),
  constraint order_lazada_backfill_one_check check (one)
);
