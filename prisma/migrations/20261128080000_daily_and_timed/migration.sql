-- What happens at a time of day, or days later: consent of a seller, Lazada's own deadline, invoices looked at again, and
-- the jobs of each day.

alter table account.lazada
  -- What the consent page was opened with, and since when; the code that it came back with, until it is exchanged.
  add column if not exists consent_state text,
  add column if not exists consent_state_at timestamptz(6),
  add column if not exists consent_code text;

alter table public.order_lazada
  -- The earliest `sla_time_stamp` of live items that are not ready to ship yet.
  add column if not exists ship_by timestamptz(6);

alter table public.order_lazada_document
  -- When it is looked at again whether Lazada has issued another one. Null: never.
  add column if not exists recheck_at timestamptz(6);

-- One row per account, job and day: what the clock asked for, and what became of it. Whoever writes the row first, of any
-- number of schedulers, hands the job on.
create table if not exists public.lazada_daily_job (
  account_id bigint not null,
  job text not null,
  -- In the account's time zone.
  day date not null,
  -- Due mark and lease at once. Null: nothing is left to do.
  due_at timestamptz(6),
  since timestamptz(6) not null default now(),
  tries int not null default 0,
  error_code text,
  error text,
  done_at timestamptz(6),
  constraint lazada_daily_job_pkey primary key (account_id, job, day),
  constraint lazada_daily_job_account_id_fkey foreign key (account_id) references account.lazada (id)
    on delete cascade on update cascade,
  constraint lazada_daily_job_job_check check (job in ('manifest', 'index', 'index_check', 'token_warning'))
);
create index if not exists lazada_daily_job_due on public.lazada_daily_job (due_at) where due_at is not null;

-- The newest index file of a day, as it lies on the target.
create table if not exists public.order_lazada_index (
  account_id bigint not null,
  day date not null,
  revision int not null,
  path text not null,
  sha256 text not null,
  written_at timestamptz(6) not null default now(),
  constraint order_lazada_index_pkey primary key (account_id, day),
  constraint order_lazada_index_account_id_fkey foreign key (account_id) references account.lazada (id)
    on delete cascade on update cascade
);
