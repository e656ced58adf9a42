import { PassThrough, Writable } from 'node:stream';
import { type Client, FTPError } from 'basic-ftp';
import { FileNotFoundError, FileTooLargeError } from '../errors.ts';
import { withParents } from '../path.ts';
import type { FileFacts } from './file-facts.ts';

/** "It exists" and "you may not" have the same reply: whether the folder can be used shows when it is written to. */
export async function makeFolder(client: Client, folder: string): Promise<void> {
  for (const part of withParents(folder)) await client.sendIgnoringError(`MKD ${part}`);
}

type Tools = { readonly client: Client; readonly facts: FileFacts };

export async function read(
  { client, facts, label }: Tools & { readonly label: string },
  path: string,
  maxBytes: number,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const keep = new Writable({
    write(chunk: Buffer, _encoding, done) {
      bytes += chunk.length;
      if (bytes > maxBytes)
        return done(new FileTooLargeError(`${label}: ${path} has more than ${maxBytes} bytes`, 'file_too_large'));
      chunks.push(chunk);
      done();
    },
  });
  await client.downloadTo(keep, path).catch(async (error: unknown) => {
    if (!(error instanceof FTPError) || (await facts.size(path)) !== null) throw error;
    throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found', error);
  });
  return Buffer.concat(chunks);
}

/** As it comes, no faster than it is read. */
export async function* stream(
  { client, facts, label }: Tools & { readonly label: string },
  path: string,
): AsyncGenerator<Uint8Array> {
  const bytes = new PassThrough({ highWaterMark: 256 * 1024 });
  const download = client.downloadTo(bytes, path).then(
    () => undefined,
    (error: unknown) => {
      bytes.destroy();
      return error;
    },
  );
  let cut: unknown;
  try {
    yield* bytes;
  } catch (error) {
    cut = error;
  }
  // What the server said is the reason, and the cut stream only its consequence.
  const refused = (await download) ?? cut;
  if (refused === undefined) return;
  if (!(refused instanceof FTPError) || (await facts.size(path)) !== null) throw refused;
  throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found', refused);
}

/** The reply to DELE does not tell "there is none" from "you may not"; the file's size does. */
export async function remove({ client, facts }: Tools, path: string): Promise<void> {
  const reply = await client.sendIgnoringError(`DELE ${path}`);
  if (reply.code >= 400 && (await facts.size(path)) !== null) throw new FTPError(reply);
}
