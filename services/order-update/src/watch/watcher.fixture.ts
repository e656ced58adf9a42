/** A watcher on a database and a folder, for tests; what becomes of an import they say themselves. */
import { importFolder } from '@lazada-sof/connectors';
import { type Db, openDb } from '@lazada-sof/db';
import type { JobRequest, JobResult } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import { type WatchTools, watchFolder } from './watch-folder.ts';

export type Watcher = {
  readonly db: Db;
  readonly asked: JobRequest[];
  look(signal?: AbortSignal): Promise<JobResult>;
  close(): Promise<void>;
};

type Where = {
  readonly databaseUrl: string;
  readonly folderUrl: string | URL;
  readonly log: Logger;
  /** Around what it works with, to break it. */
  readonly around?: (tools: WatchTools) => WatchTools;
  readonly everyMs?: number;
};

export function openWatcher({ databaseUrl, folderUrl, log, around = (tools) => tools, everyMs = 0 }: Where): Watcher {
  const db = openDb({ url: databaseUrl, source: 'order-update' });
  const folder = importFolder(folderUrl, { coolDownMs: 0 });
  const asked: JobRequest[] = [];
  const add = async (requests: readonly JobRequest[]) => void asked.push(...requests);
  const handle = watchFolder(around({ folder, folders: db.watchedFolders, imports: db.imports, add, everyMs, log }));
  const job = { id: '1', addedAt: new Date() };
  return {
    db,
    asked,
    look: (signal = new AbortController().signal) => handle({ v: 1 }, { signal, force: false, attemptsMade: 0, job }),
    async close() {
      await folder.close();
      await db.close();
    },
  };
}
