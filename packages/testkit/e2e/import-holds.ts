/**
 * Places in an import at which the database keeps a process waiting for as long as a test wants, so that it is killed there
 * and nowhere else, however fast or busy the machine is.
 */
import pg from 'pg';
import type { TestSystem } from '../src/servers/test-system.ts';

export type Place =
  /** Its second piece of bytes, of the first reading, which sees whether the file can be read at all. */
  | 'first reading'
  /** Its third piece of bytes, of the second reading, which takes the rows. */
  | 'second reading'
  /** The end of the first transaction that takes rows: it is sent, and nobody has heard whether it went through. */
  | 'commit'
  /** All rows are taken, and it is to be `done`. */
  | 'end'
  /** Its mistakes are read for the result file. */
  | 'result'
  /** The file is moved, its result lies there, and the folder still has it in its list. */
  | 'moved';

export type Holds = {
  close(file: string, place: Place): Promise<void>;
  /** Somebody waits there. */
  isHeld(file: string, place: Place): Promise<boolean>;
  /** `undone`: what waits there fails. Else it goes through, whether or not the process that sent it is still there. */
  open(file: string, place: Place, fate?: 'undone'): Promise<void>;
  end(): Promise<void>;
};

const HERE = 7_002;
/** Waits without a lock of its own, which would be given up after half a second. `here` is what the test sees of it. */
const HOLDS = `
  create table public.test_hold (key int generated always as identity, file text, place text, primary key (file, place));
  create function public.test_hold(its_file text, its_place text) returns boolean language plpgsql security definer as $$
    declare its_key int := (select key from public.test_hold where file = its_file and place = its_place);
    begin
      if its_key is null then return true; end if;
      perform pg_advisory_xact_lock_shared(${HERE}, its_key);
      while exists (select from public.test_hold where key = its_key) loop perform pg_sleep(0.02); end loop;
      return true;
    end $$;

  create function public.test_hold_chunk(its_import bigint, its_position int) returns boolean language sql security definer as $$
    select case its_position when 1 then case when rows = 0 then public.test_hold(file_name, 'first reading') end
                             when 2 then case when rows > 0 then public.test_hold(file_name, 'second reading') end
           end is not false
      from public.import_file where id = its_import $$;
  alter table public.import_chunk enable row level security;
  create policy test_hold on public.import_chunk using (public.test_hold_chunk(import_id, position)) with check (true);

  create function public.test_hold_error(its_import bigint) returns boolean language sql security definer as $$
    select case when status = 'done' then public.test_hold(file_name, 'result') end is not false
      from public.import_file where id = its_import $$;
  alter table public.import_error enable row level security;
  create policy test_hold on public.import_error using (public.test_hold_error(import_id)) with check (true);

  create function public.test_hold_row() returns trigger language plpgsql security definer as $$
    begin
      if tg_op = 'DELETE' then
        perform public.test_hold(old.name, tg_argv[0]);
        return old;
      end if;
      perform public.test_hold(new.file_name, tg_argv[0]);
      return new;
    end $$;
  create constraint trigger test_hold_commit after update on public.import_file deferrable initially deferred
    for each row when (old.after_line = 0 and new.after_line > 0) execute function public.test_hold_row('commit');
  create trigger test_hold_end before update on public.import_file
    for each row when (old.status <> 'done' and new.status = 'done') execute function public.test_hold_row('end');
  create trigger test_hold_moved before delete on public.import_watched_file
    for each row execute function public.test_hold_row('moved');`;

const WAITING = `
  select l.pid from pg_locks l join public.test_hold h on l.objid = h.key::oid
   where l.locktype = 'advisory' and l.classid = ${HERE} and l.granted and h.file = $1 and h.place = $2`;

export async function openHolds({ databaseUrl }: Pick<TestSystem, 'databaseUrl'>): Promise<Holds> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  await client.query(HOLDS);
  return {
    async close(file, place) {
      await client.query('insert into public.test_hold (file, place) values ($1, $2)', [file, place]);
    },
    async isHeld(file, place) {
      return (await client.query(WAITING, [file, place])).rowCount !== 0;
    },
    async open(file, place, fate) {
      if (fate) await client.query(`select pg_terminate_backend(pid) from (${WAITING}) waiting`, [file, place]);
      await client.query('delete from public.test_hold where file = $1 and place = $2', [file, place]);
    },
    end: () => client.end(),
  };
}
