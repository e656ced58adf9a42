import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { FileServer } from './file-server.ts';

/** A folder of this machine, as if it were a server's. */
export function openLocalFolder(): FileServer {
  const dir = mkdtempSync(join(tmpdir(), 'sof-files-'));
  const folder = join(dir, 'in');
  return {
    url: pathToFileURL(folder),
    folder,
    close: async () => rmSync(dir, { recursive: true, force: true }),
  };
}
