-- What an import knows of its file, how far it is, and what it left behind to be told.
alter table public.import_file
  -- Who handed it in: a person, an API key.
  add column if not exists told_by text,
  -- What kind of table it is, encoding and separator; how `refused.csv` is written.
  add column if not exists form jsonb,
  add column if not exists refused_form jsonb,
  add column if not exists hidden_rows int not null default 0,
  add column if not exists foreign_columns jsonb not null default '[]',
  -- Everything up to this line is taken, refused, or waits below.
  add column if not exists after_line int not null default 0,
  -- The file is read to its end; what waits may be left.
  add column if not exists is_read boolean not null default false,
  -- Rows whose orders somebody else held: they are tried again, in the order of their lines.
  add column if not exists waiting jsonb not null default '[]',
  -- Nobody else goes on with it before that time; null: nothing is to be done.
  add column if not exists due_at timestamptz(6),
  add column if not exists stop_asked_at timestamptz(6);

-- `storing`: its bytes are coming in. `checked`: a dry run that is over.
alter table public.import_file drop constraint if exists import_file_status_check;
alter table public.import_file add constraint import_file_status_check
  check (status in ('storing', 'received', 'running', 'checked', 'done', 'failed', 'duplicate'));
create index if not exists import_file_due_idx on public.import_file (due_at) where due_at is not null;

-- With the first mistake of a row: the row as it came, for `refused.csv`. Null: it could not be split.
alter table public.import_error add column if not exists cells jsonb;
