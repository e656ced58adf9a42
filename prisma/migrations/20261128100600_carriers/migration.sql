-- The carriers that can be asked how their parcels stand.
create table if not exists public.lazada_carrier (
  -- As packages name it, in small letters.
  carrier text not null,
  -- Somebody has a key for it. The plan owes no look at a parcel of one that nobody asks.
  is_asked boolean not null default false,
  -- Nobody asks it before that time, and why.
  stopped_until timestamptz(6),
  stopped_for text,
  constraint lazada_carrier_pkey primary key (carrier)
);

-- How often each was asked on a day of GMT, over all processes.
create table if not exists public.lazada_carrier_day (
  carrier text not null,
  day date not null,
  calls int not null,
  constraint lazada_carrier_day_pkey primary key (carrier, day)
);
