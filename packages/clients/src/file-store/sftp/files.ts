import type { FileEntryWithStats, SFTPWrapper, Stats } from 'ssh2';
import { FileNotFoundError, FileTooLargeError } from '../errors.ts';
import type { FileEntry } from '../file-store.ts';
import { withParents } from '../path.ts';
import { factsOrNull, orNull, statusOf } from './answers.ts';
import type { Channel } from './channel.ts';

export async function list({ ask }: Channel, folder: string): Promise<FileEntry[]> {
  const found = await orNull(
    ask<FileEntryWithStats[]>((sftp, done) => sftp.readdir(folder === '' ? '.' : folder, done)),
  );
  return (found ?? []).flatMap((entry): FileEntry[] => {
    const kind = kindOf(entry);
    const isNamed = entry.filename !== '.' && entry.filename !== '..';
    return kind && isNamed ? [{ name: entry.filename, size: kind === 'folder' ? 0 : entry.attrs.size, kind }] : [];
  });
}

/** By its mode, else by the first letter of its line: some servers tell the one, some the other. */
function kindOf({ attrs, longname }: FileEntryWithStats): FileEntry['kind'] | undefined {
  if (attrs.isDirectory() || longname.startsWith('d')) return 'folder';
  return attrs.isFile() || longname.startsWith('-') ? 'file' : undefined;
}

export async function makeFolder(channel: Channel, folder: string): Promise<void> {
  const isFolder = async (path: string) => (await statOf(channel, path))?.isDirectory() ?? false;
  if (await isFolder(folder)) return;
  for (const part of withParents(folder)) {
    if ((await statOf(channel, part)) !== null) continue;
    // Somebody else may make it at the same moment.
    await channel
      .ask((sftp, done) => sftp.mkdir(part, done))
      .catch(async (error: unknown) => {
        if (!(await isFolder(part))) throw error;
      });
  }
}

export async function read(
  channel: Channel,
  path: string,
  { maxBytes, label }: { readonly maxBytes: number; readonly label: string },
): Promise<Buffer> {
  const found = await statOf(channel, path);
  if (!found || found.isDirectory()) throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found');
  if (found.size > maxBytes)
    throw new FileTooLargeError(
      `${label}: ${path} has ${found.size} bytes, ${maxBytes} are read at most`,
      'file_too_large',
    );
  return channel.ask<Buffer>((sftp, done) => sftp.readFile(path, done));
}

export async function* stream(
  channel: Channel,
  sftp: SFTPWrapper,
  { path, label }: { readonly path: string; readonly label: string },
): AsyncGenerator<Uint8Array> {
  const found = await statOf(channel, path);
  if (!found || found.isDirectory()) throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found');
  yield* sftp.createReadStream(path, { highWaterMark: 256 * 1024 });
}

/** Done also where there is none; servers have many words for that, so it is looked for. */
export async function remove({ ask }: Channel, path: string): Promise<void> {
  await ask((sftp, done) => sftp.unlink(path, done)).catch(async (error: unknown) => {
    if (statusOf(error) === undefined || (await isThere({ ask }, path))) throw error;
  });
}

/** Whatever it is, a link that leads nowhere too. */
export async function isThere({ ask }: Pick<Channel, 'ask'>, path: string): Promise<boolean> {
  return (await factsOrNull(ask<Stats>((sftp, done) => sftp.lstat(path, done)))) !== null;
}

export const statOf = ({ ask }: Pick<Channel, 'ask'>, path: string): Promise<Stats | null> =>
  factsOrNull(ask<Stats>((sftp, done) => sftp.stat(path, done)));
