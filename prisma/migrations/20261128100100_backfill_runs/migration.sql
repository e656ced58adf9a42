-- How far a backfill is: the orders of an account whose items are read again, by days of the account's zone. Whoever goes on
-- with it goes on from its row.
create table if not exists public.lazada_backfill_run (
  account_id bigint not null,
  first_day date not null,
  last_day date not null,
  -- Behind this one it goes on. Null: from the beginning.
  after_order_number text,
  -- When it was begun: whatever of an order was read since need not be read again.
  begun_at timestamptz(6) not null default now(),
  -- As counted when it was begun.
  orders int not null,
  done int not null default 0,
  -- Of those that are done: which were not read, or not written.
  left_out int not null default 0,
  -- The first of them, with the reasons in words.
  troubles jsonb not null default '[]',
  -- Due mark and lease at once. Null: nothing is left to do.
  due_at timestamptz(6),
  -- What it waits for has come by then. Null: it waits for nothing but its turn.
  waits_until timestamptz(6),
  since timestamptz(6) not null default now(),
  tries int not null default 0,
  error_code text,
  error text,
  stopped_at timestamptz(6),
  finished_at timestamptz(6),
  constraint lazada_backfill_run_pkey primary key (account_id, first_day, last_day),
  constraint lazada_backfill_run_account_id_fkey foreign key (account_id) references account.lazada (id)
    on delete cascade on update cascade,
  constraint lazada_backfill_run_days_check check (first_day <= last_day)
);
create index if not exists lazada_backfill_run_due on public.lazada_backfill_run (due_at) where due_at is not null;
