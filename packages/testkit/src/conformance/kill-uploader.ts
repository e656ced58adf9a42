import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FileServer } from '../file-servers/file-server.ts';

const UPLOADER = join(import.meta.dirname, 'file-store.uploader.ts');
const BYTES = 100_000_000;

/** Starts a process that uploads a large file, and kills it as soon as the first bytes have arrived. */
export async function killUploader({ url, folder }: FileServer, path: string): Promise<void> {
  const part = join(folder, dirname(path), `.${basename(path)}.part`);
  const uploader = spawn(process.execPath, [UPLOADER, url.href, path, String(BYTES)], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const exited = once(uploader, 'exit');
  let complaint = '';
  uploader.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  while (uploader.exitCode === null && !(await hasBytes(part))) await sleep(1);
  uploader.kill('SIGKILL');
  const [, signal] = await exited;
  if (signal !== 'SIGKILL') throw new Error(`the uploader ended by itself: ${complaint}`);
}

const hasBytes = (file: string): Promise<boolean> =>
  stat(file).then(
    ({ size }) => size > 0,
    () => false,
  );
