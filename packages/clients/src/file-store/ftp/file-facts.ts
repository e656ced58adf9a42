import type { Client, FileInfo } from 'basic-ftp';
import { folderOf, nameOf } from '../path.ts';
import { entries } from './listing.ts';
import { isUnknownCommand, orNull } from './replies.ts';

/** What a server knows of a file, by its commands for that, else by the listing of the file's folder. */
export type FileFacts = {
  size(path: string): Promise<number | null>;
  modifiedAt(path: string): Promise<Date | null>;
};

export function fileFacts(client: Client): FileFacts {
  /** A command that it does not know is not tried again on this connection. */
  const either = <T>(ask: (path: string) => Promise<T>, listed: (entry: FileInfo) => T | undefined) => {
    let isKnown = true;
    return async (path: string): Promise<T | null> => {
      if (isKnown) {
        try {
          return await orNull(() => ask(path));
        } catch (error) {
          if (!isUnknownCommand(error)) throw error;
          isKnown = false;
        }
      }
      const entry = await entryOf(client, path);
      return (entry && listed(entry)) ?? null;
    };
  };
  return {
    size: either(
      (path) => client.size(path),
      ({ size }) => size,
    ),
    modifiedAt: either(
      (path) => client.lastMod(path),
      ({ modifiedAt }) => modifiedAt,
    ),
  };
}

async function entryOf(client: Client, path: string): Promise<FileInfo | undefined> {
  const found = await entries(client, folderOf(path));
  return found.find(({ name, isFile }) => isFile && name === nameOf(path));
}
