/** How a file is written, and gets its name. */
import { statusOf } from './answers.ts';
import type { Channel } from './channel.ts';
import { isThere } from './files.ts';

export type Placing = {
  write(path: string, bytes: Buffer): Promise<void>;
  rename(from: string, to: string): Promise<boolean>;
};

export function placing(channel: Channel): Placing {
  const { ask } = channel;

  async function write(path: string, bytes: Buffer): Promise<void> {
    const handle = await ask<Buffer>((sftp, done) => sftp.open(path, 'w', done));
    await ask((sftp, done) => sftp.write(handle, bytes, 0, bytes.length, 0, done));
    await ask((sftp, done) => sftp.close(handle, done));
  }

  async function rename(from: string, to: string): Promise<boolean> {
    try {
      await ask((sftp, done) => sftp.rename(from, to, done));
      return true;
    } catch (error) {
      // Servers have many numbers for a name that is taken, and for each of them other reasons too.
      if (statusOf(error) !== undefined && (await isThere(channel, to))) return false;
      throw error;
    }
  }

  return { write, rename };
}
