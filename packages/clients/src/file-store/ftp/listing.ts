import { type Client, type FileInfo, FTPError } from 'basic-ftp';
import type { FileEntry } from '../file-store.ts';

export async function list(client: Client, folder: string): Promise<FileEntry[]> {
  return (await entries(client, folder)).map(({ name, size, isDirectory }) => ({
    name,
    size: isDirectory ? 0 : size,
    kind: isDirectory ? 'folder' : 'file',
  }));
}

/** Its files and folders; none where there is no such folder. */
export async function entries(client: Client, folder: string): Promise<FileInfo[]> {
  const found = await client
    .list(folder === '' ? '.' : folder)
    .catch((error: unknown) => noneThere(client, folder, error));
  return found.filter(({ name, isFile, isDirectory }) => name !== '.' && name !== '..' && (isFile || isDirectory));
}

/** Servers say that a folder is not there with an empty list, or with many different numbers; going there tells. */
async function noneThere(client: Client, folder: string, refusal: unknown): Promise<[]> {
  if (!(refusal instanceof FTPError)) throw refusal;
  const reply = await client.sendIgnoringError(`CWD ${folder}`);
  // A connection that throws is not used again: no need to go back.
  if (reply.code < 400) throw refusal;
  return [];
}
