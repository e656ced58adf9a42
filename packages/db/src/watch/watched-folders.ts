/**
 * Who looks into a watched folder, and what was seen there. One looks at a time, over all processes; whoever was thought dead
 * and goes on all the same writes nothing any more: the next one has seen the folder since.
 */
import type { WatchedFile } from '@lazada-sof/orders';
import type pg from 'pg';

export type StoredWatchedFile = WatchedFile & {
  /** When it was written, by the target's clock, as it was when it was read; null: the target does not tell. */
  readonly modifiedAt: Date | null;
  /** When it was first begun to be read. */
  readonly takenAt: Date | null;
  readonly importId: string | null;
  /** Why it became no import. */
  readonly refused: string | null;
  /** Where it goes. */
  readonly goal: string | null;
};

/** Somebody else looks since. */
export class LookLost extends Error {
  override readonly name = 'LookLost';
}

/** Each of them throws LookLost where somebody else looks since. */
export type FolderLook = {
  /** When it began, by the database's clock, like all that is stored of it. */
  readonly now: Date;
  /** Since when the folder cannot be reached, before this look, and why. */
  readonly awaySince: Date | null;
  readonly awayCode: string | null;
  files(): Promise<StoredWatchedFile[]>;
  changed(file: { readonly name: string; readonly size: number }): Promise<void>;
  forget(name: string): Promise<void>;
  /** Before it is read. Answers when that was tried first. */
  begin(name: string): Promise<Date>;
  stored(name: string, stored: { readonly importId: string; readonly modifiedAt: Date | null }): Promise<void>;
  refused(name: string, reason: string): Promise<void>;
  goesTo(name: string, goal: string): Promise<void>;
  /** It goes on. */
  renew(): Promise<void>;
  /** Gives the folder back. `away`: it could not be reached. */
  end(next: {
    readonly againAfterMs: number;
    readonly away?: { readonly since: Date; readonly code: string };
  }): Promise<void>;
};

export interface WatchedFolders {
  /** Null: the next look is not due, or somebody is at it. */
  beginLook(folder: string): Promise<FolderLook | null>;
}

/** A process that is killed keeps the folder for so long. */
const HELD = "interval '60 s'";

const BEGIN = `
  update public.import_folder
     set holder = gen_random_uuid(), held_until = clock_timestamp() + ${HELD}
   where folder = $1 and next_look_at <= clock_timestamp() and (holder is null or held_until <= clock_timestamp())
  returning holder::text as holder, clock_timestamp() as now, away_since as "awaySince", away_code as "awayCode"`;

const FILES = `
  select name, size::text as size, since, import_id is not null or refused is not null as "isTaken",
         modified_at as "modifiedAt", taken_at as "takenAt", import_id::text as "importId", refused, goal
    from public.import_watched_file where folder = $1 order by since, name`;

/** Of a statement that writes only while `$2` looks into `$1`. */
const MINE = 'mine as (select folder from public.import_folder where folder = $1 and holder = $2::uuid for update)';

const CHANGED = `
  with ${MINE}
  insert into public.import_watched_file (folder, name, size, since)
  select folder, $3, $4, clock_timestamp() from mine
      on conflict (folder, name) do update set size = excluded.size, since = excluded.since, taken_at = null`;

const FORGET = `
  with ${MINE}, gone as (delete from public.import_watched_file f using mine where f.folder = mine.folder and f.name = $3)
  select from mine`;

const setting = (columns: string): string => `
  with ${MINE}
  update public.import_watched_file f set ${columns} from mine where f.folder = mine.folder and f.name = $3
  returning taken_at as "takenAt"`;

type Begun = {
  readonly holder: string;
  readonly now: Date;
  readonly awaySince: Date | null;
  readonly awayCode: string | null;
};

export function openWatchedFolders(pool: pg.Pool): WatchedFolders {
  return {
    async beginLook(folder) {
      await pool.query('insert into public.import_folder (folder) values ($1) on conflict (folder) do nothing', [
        folder,
      ]);
      const { rows } = await pool.query<Begun>(BEGIN, [folder]);
      return rows[0] ? openLook(pool, folder, rows[0]) : null;
    },
  };
}

function openLook(pool: pg.Pool, folder: string, { holder, ...away }: Begun): FolderLook {
  const write = async (text: string, ...values: unknown[]): Promise<{ takenAt?: Date }> => {
    const { rows, rowCount } = await pool.query<{ takenAt?: Date }>(text, [folder, holder, ...values]);
    if (rowCount === 0) throw new LookLost(`${folder}: somebody else looks into it since`);
    return rows[0] ?? {};
  };
  return {
    ...away,
    async files() {
      const { rows } = await pool.query<StoredWatchedFile & { size: string }>(FILES, [folder]);
      return rows.map((row) => ({ ...row, size: Number(row.size) }));
    },
    changed: async ({ name, size }) => void (await write(CHANGED, name, size)),
    forget: async (name) => void (await write(FORGET, name)),
    begin: async (name) =>
      (await write(setting('taken_at = coalesce(taken_at, clock_timestamp())'), name)).takenAt ?? new Date(),
    stored: async (name, { importId, modifiedAt }) =>
      void (await write(setting('import_id = $4, modified_at = $5'), name, importId, modifiedAt)),
    refused: async (name, reason) => void (await write(setting('refused = $4'), name, reason)),
    goesTo: async (name, goal) => void (await write(setting('goal = $4'), name, goal)),
    renew: async () =>
      void (await write(
        `update public.import_folder set held_until = clock_timestamp() + ${HELD} where folder = $1 and holder = $2::uuid`,
      )),
    end: async ({ againAfterMs, away: now }) =>
      void (await write(
        `update public.import_folder
            set holder = null, held_until = null, next_look_at = clock_timestamp() + $3 * interval '1 ms', away_since = $4, away_code = $5
          where folder = $1 and holder = $2::uuid`,
        ...[againAfterMs, now?.since ?? null, now?.code ?? null],
      )),
  };
}
