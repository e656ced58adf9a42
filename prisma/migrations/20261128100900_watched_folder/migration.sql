-- A folder in which import files are dropped: who looks into it, and when the next look is due.
create table if not exists public.import_folder (
  -- Protocol, host and path; no user, no password.
  folder text not null,
  -- Who looks just now, anew at each look, and until when the others believe it.
  holder uuid,
  held_until timestamptz(6),
  next_look_at timestamptz(6) not null default now(),
  -- Since when it cannot be reached, and why.
  away_since timestamptz(6),
  away_code text,
  constraint import_folder_pkey primary key (folder)
);

-- What lies in it, for as long as it lies there.
create table if not exists public.import_watched_file (
  folder text not null,
  name text not null,
  size bigint not null,
  -- It has had this size since then.
  since timestamptz(6) not null,
  -- When it was first begun to be read, and when it was written, by the target's clock.
  taken_at timestamptz(6),
  modified_at timestamptz(6),
  import_id bigint,
  -- Why it became no import.
  refused text,
  -- Where it goes, once its import is over.
  goal text,
  constraint import_watched_file_pkey primary key (folder, name),
  constraint import_watched_file_folder_fkey foreign key (folder) references public.import_folder (folder) on delete cascade
);
