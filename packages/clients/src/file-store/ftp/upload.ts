import { Readable } from 'node:stream';
import type { Client } from 'basic-ftp';

export async function upload(client: Client, path: string, bytes: Buffer): Promise<void> {
  await client.uploadFrom(Readable.from([bytes]), path);
}
