import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import type { FileServer } from '../file-servers/file-server.ts';

const UPLOADER = join(import.meta.dirname, 'file-store.uploader.ts');
const BYTES = 100_000_000;

/** Starts a process that uploads a large file and dies without a word as soon as the first bytes have arrived. */
export async function killUploader({ url, folder }: FileServer, path: string): Promise<void> {
  const part = join(folder, dirname(path), `.${basename(path)}.part`);
  const uploader = spawn(process.execPath, [UPLOADER, url.href, path, String(BYTES), part], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  uploader.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  const [, signal] = await once(uploader, 'exit');
  if (signal !== 'SIGKILL') throw new Error(`the uploader ended by itself: ${complaint}`);
}
