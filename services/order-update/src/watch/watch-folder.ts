/**
 * A look into the folder in which import files are dropped: what is new is noted, what has stopped growing is stored as an
 * import, and what is over goes to `processed/` or `failed/` with its result beside it. Each step is found again by its row
 * when a process is killed behind it.
 */
import { type ImportFolder, whyFolderAway } from '@lazada-sof/connectors';
import { type FolderLook, LookLost, type StoredWatchedFile, type WatchedFolders } from '@lazada-sof/db';
import { Failure, lookAgainAt, lookOver } from '@lazada-sof/orders';
import type { JobContext, JobResult } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import { type FinishTools, finishFile } from './finish-file.ts';
import { type TakeTools, takeFile } from './take-file.ts';
import { tellOnce } from './tell-once.ts';

export type WatchTools = TakeTools &
  FinishTools & {
    readonly folder: ImportFolder;
    readonly folders: WatchedFolders;
    readonly everyMs: number;
    readonly log: Logger;
  };

/** Renewed while a look goes on: one of a gigabyte takes its time. */
const RENEW_MS = 15_000;

export function watchFolder(tools: WatchTools): (data: unknown, context: JobContext) => Promise<JobResult> {
  const { folder, folders, everyMs, log } = tools;
  const telling = tellOnce(log);

  async function lookInto(look: FolderLook, signal: AbortSignal): Promise<void> {
    const listed = await folder.files(signal);
    const known = await look.files();
    const { changed, toTake, gone } = lookOver(listed, known, { now: look.now, restMs: everyMs / 2 });
    for (const file of changed) await look.changed(file);
    for (const name of gone) await look.forget(name);
    const files = new Map(known.map((file) => [file.name, file]));
    const here = { ...tools, look, signal };
    for (const { name } of toTake) await each(files.get(name), (file) => takeFile(file, here));
    for (const file of known.filter(({ isTaken }) => isTaken)) await each(file, () => finishFile(file, here));
  }

  /** What one file fails with keeps no other waiting, unless it is the whole folder that is away. */
  async function each(
    file: StoredWatchedFile | undefined,
    work: (file: StoredWatchedFile) => Promise<void>,
  ): Promise<void> {
    if (!file) return;
    try {
      await work(file);
      telling.isFine(file.name);
    } catch (error) {
      if (!(error instanceof Failure) || whyFolderAway(error) || error.code === 'aborted') throw error;
      telling.isNot(file.name, error);
    }
  }

  async function end(look: FolderLook, away: Failure | null): Promise<void> {
    if (!away) {
      if (look.awaySince) log.info('the import folder is there again', { folder: folder.label });
      // A little earlier than it is asked for again.
      return look.end({ againAfterMs: everyMs * 0.8 });
    }
    const { code } = away;
    if (look.awayCode !== code)
      log.warn('the import folder cannot be reached; it is looked at again', { folder: folder.label, error: away });
    const since = look.awaySince ?? look.now;
    const againAfterMs = lookAgainAt(since, look.now).getTime() - look.now.getTime();
    return look.end({ againAfterMs, away: { since, code } });
  }

  return async (_, { signal }) => {
    const look = await folders.beginLook(folder.folder);
    if (!look) return 'superseded';
    const renewing = setInterval(() => look.renew().catch(() => undefined), RENEW_MS);
    try {
      await lookInto(look, signal);
      await end(look, null);
    } catch (error) {
      // Whoever looks since does all of it.
      if (error instanceof LookLost) return 'superseded';
      const away = whyFolderAway(error);
      await end(look, away);
      if (!away) throw error;
    } finally {
      clearInterval(renewing);
    }
    return 'done';
  };
}
