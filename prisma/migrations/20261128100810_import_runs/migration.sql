-- How often somebody has taken it up. Who took it up before can write nothing any more.
alter table public.import_file add column if not exists runs int not null default 0;
