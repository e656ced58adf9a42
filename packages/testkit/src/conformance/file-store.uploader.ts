/** Uploads one large file, to be killed while it does: `node file-store.uploader.ts URL PATH BYTES`. */
import { openFileStore } from '@lazada-sof/clients';

const [url = '', path = '', bytes = '0'] = process.argv.slice(2);
const store = openFileStore(url);
await store.put(path, Buffer.alloc(Number(bytes), 'x'));
await store.close();
