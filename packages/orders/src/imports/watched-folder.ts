/**
 * The rules of a folder in which people drop import files: which names are left alone, when a file has stopped growing,
 * where it goes once its import is over, and what its result says.
 */
import { csvLine } from '../files/csv.ts';
import { nextLook, SCHEDULES, type Schedule } from '../model/schedules.ts';
import { RESULT_HEADER } from './result-files.ts';

/** By what lies in the folder. */
export type DroppedFile = { readonly name: string; readonly size: number };

/** What earlier looks have seen of a file. */
export type WatchedFile = DroppedFile & {
  /** It has had this size since then. */
  readonly since: Date;
  /** It has been stored as this import, or was refused before it was one. */
  readonly isTaken: boolean;
};

export type Look = {
  /** New, or of another size than at the last look. */
  readonly changed: readonly DroppedFile[];
  /** They have stopped growing; those first that wait longest. */
  readonly toTake: readonly WatchedFile[];
  /** Somebody took them away before we did. */
  readonly gone: readonly string[];
};

/** Names of files that are not whole yet, by the habit of the programs that write them. */
export const isLeftAlone = (name: string): boolean => name.startsWith('.') || /\.(part|tmp)$/i.test(name);

/** `restMs`: two looks that are nearer to each other than this count as one. */
export function lookOver(
  listed: readonly DroppedFile[],
  known: readonly WatchedFile[],
  { now, restMs }: { readonly now: Date; readonly restMs: number },
): Look {
  const before = new Map(known.map((file) => [file.name, file]));
  const dropped = listed.filter(({ name }) => !isLeftAlone(name));
  const names = new Set(dropped.map(({ name }) => name));
  const waiting = known.filter(({ isTaken }) => !isTaken);
  const sizes = new Map(dropped.map(({ name, size }) => [name, size]));
  return {
    changed: dropped.filter(({ name, size }) => {
      const file = before.get(name);
      return !file || (!file.isTaken && file.size !== size);
    }),
    toTake: waiting
      .filter(({ name, size, since }) => sizes.get(name) === size && now.getTime() - since.getTime() >= restMs)
      .sort((a, b) => a.since.getTime() - b.since.getTime() || (a.name < b.name ? -1 : 1)),
    gone: waiting.filter(({ name }) => !names.has(name)).map(({ name }) => name),
  };
}

/** A target is not given up: whoever drops a file there counts on it. */
const FOLDER_AWAY: Schedule = { ...SCHEDULES.target, until: Number.POSITIVE_INFINITY };

export const lookAgainAt = (awaySince: Date, now: Date): Date => nextLook(FOLDER_AWAY, awaySince, now) ?? now;

export const resultNameOf = (name: string): string => `${name}.result.csv`;

/** `orders.csv`, `orders_2.csv` … : the first of which neither it nor its result lies there. */
export function freeName(name: string, taken: ReadonlySet<string>): string {
  const [, stem = name, ending = ''] = name.match(/^(.+?)(\.[^.]*)?$/s) ?? [];
  for (let n = 1; ; n += 1) {
    const candidate = n === 1 ? name : `${stem}_${n}${ending}`;
    if (!taken.has(candidate) && !taken.has(resultNameOf(candidate))) return candidate;
  }
}

export type WatchedEnd =
  | { readonly is: 'done' }
  | { readonly is: 'failed'; readonly reason: string }
  | { readonly is: 'duplicate'; readonly firstName: string; readonly firstId: string }
  | { readonly is: 'forgotten' };

export const folderOfEnd = ({ is }: WatchedEnd): 'processed' | 'failed' =>
  is === 'failed' || is === 'forgotten' ? 'failed' : 'processed';

/** How a result begins: its header, and what is to be said of the file as a whole. */
export function resultBeginning(name: string, end: WatchedEnd): string {
  const reason = wordsOf(end);
  return RESULT_HEADER + (reason === null ? '' : csvLine(['', 'file', name, reason]));
}

function wordsOf(end: WatchedEnd): string | null {
  switch (end.is) {
    case 'done':
      return null;
    case 'failed':
      return end.reason;
    case 'forgotten':
      return 'somebody deleted this import before it was over; what was taken by then stays. Drop the file again to import it';
    case 'duplicate':
      return `the same file was imported before as “${end.firstName}” (import ${end.firstId}); nothing of it was taken again`;
  }
}

/** A result is for people to read; all mistakes stand in the import's `errors.csv`. */
export const MOST_RESULT_LINES = 100_000;

export const resultCut = (importId: string): string =>
  csvLine(['', 'file', '', `there are more mistakes; all of them: GET /v1/imports/${importId}/errors.csv`]);
