import type { Client } from 'basic-ftp';
import { orNull } from './replies.ts';

/** What a server knows of a file. */
export type FileFacts = {
  size(path: string): Promise<number | null>;
  modifiedAt(path: string): Promise<Date | null>;
};

export const fileFacts = (client: Client): FileFacts => ({
  size: (path) => orNull(() => client.size(path)),
  modifiedAt: (path) => orNull(() => client.lastMod(path)),
});
