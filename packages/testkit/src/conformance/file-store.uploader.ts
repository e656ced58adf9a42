/**
 * Uploads one large file and dies as soon as its first bytes have arrived at `PART`, a path of this machine:
 * `node file-store.uploader.ts URL PATH BYTES PART`. It looks by itself, between two pieces of its own:
 * on a busy machine somebody else's look comes when the whole file is there.
 */
import { statSync } from 'node:fs';
import { openFileStore } from '@lazada-sof/clients';

const [url = '', path = '', bytes = '0', part = ''] = process.argv.slice(2);

function dieInTheMiddle(): void {
  if ((statSync(part, { throwIfNoEntry: false })?.size ?? 0) > 0) process.kill(process.pid, 'SIGKILL');
  setImmediate(dieInTheMiddle);
}

const store = openFileStore(url);
dieInTheMiddle();
await store.put(path, Buffer.alloc(Number(bytes), 'x'));
console.error('the whole file was uploaded');
process.exit();
