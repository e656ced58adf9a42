/**
 * How a file gets its name without taking another's. The protocol's rename does not overwrite, but that of servers that
 * call the system's `rename` does (sftpgo). A hard link never does: where the server offers links, the file gets its name
 * by one. Where it does not, the look before the rename is all there is. (An exclusive create under the name itself would
 * show an empty file there, and leave it when this process is killed.)
 */
import { statusOf } from './answers.ts';
import type { Channel } from './channel.ts';
import { isThere, remove } from './files.ts';

export type Placing = {
  write(path: string, bytes: Buffer): Promise<void>;
  rename(from: string, to: string): Promise<boolean>;
};

export function placing(channel: Channel, { offersLinks }: { readonly offersLinks: boolean }): Placing {
  const { ask } = channel;

  async function write(path: string, bytes: Buffer): Promise<void> {
    const handle = await create(path);
    await ask((sftp, done) => sftp.write(handle, bytes, 0, bytes.length, 0, done));
    await ask((sftp, done) => sftp.close(handle, done));
  }

  /** A rest of an upload that got its name by a link may be that very file: it is removed, never written into. */
  async function create(path: string): Promise<Buffer> {
    if (!offersLinks) return open(path, 'w');
    try {
      return await open(path, 'wx');
    } catch (error) {
      if (statusOf(error) === undefined || !(await isThere(channel, path))) throw error;
      await remove(channel, path);
      return open(path, 'wx');
    }
  }

  const open = (path: string, mode: 'w' | 'wx') => ask<Buffer>((sftp, done) => sftp.open(path, mode, done));

  async function rename(from: string, to: string): Promise<boolean> {
    if (offersLinks && (await link(from, to))) return true;
    if (await isThere(channel, to)) return false;
    try {
      await ask((sftp, done) => sftp.rename(from, to, done));
      return true;
    } catch (error) {
      // Servers have many numbers for a name that is taken, and for each of them other reasons too.
      if (statusOf(error) !== undefined && (await isThere(channel, to))) return false;
      throw error;
    }
  }

  /** False: the server said no, because the name is taken or because this disk knows no links. */
  async function link(from: string, to: string): Promise<boolean> {
    try {
      await ask((sftp, done) => sftp.ext_openssh_hardlink(from, to, done));
    } catch (error) {
      if (statusOf(error) === undefined) throw error;
      return false;
    }
    // It is there under its name; an old name that nobody may remove is no reason to say otherwise.
    await remove(channel, from).catch((error: unknown) => {
      if (statusOf(error) === undefined) throw error;
    });
    return true;
  }

  return { write, rename };
}
