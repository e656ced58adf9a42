import type { Client, SFTPWrapper } from 'ssh2';
import type { Session } from '../session.ts';
import type { Target } from '../target.ts';
import { answerError } from './answers.ts';
import { openChannel } from './channel.ts';
import { list, makeFolder, read, remove, statOf, stream } from './files.ts';
import { placing } from './placing.ts';

export function sftpSession(client: Client, sftp: SFTPWrapper, target: Target): Session {
  const channel = openChannel(client, sftp);
  const { write, rename } = placing(channel, { offersLinks: offersLinks(sftp) });
  const told = async <T>(path: string, work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw answerError(error, path, target);
    }
  };

  return {
    isOpen: channel.isOpen,
    answers: channel.answers,
    alive: () =>
      channel
        .ask<string>((one, done) => one.realpath('.', done))
        .then(
          () => true,
          () => false,
        ),
    size: async (path) => {
      const found = await told(path, statOf(channel, path));
      return found && !found.isDirectory() ? found.size : null;
    },
    modifiedAt: async (path) => {
      const found = await told(path, statOf(channel, path));
      return found && new Date(found.mtime * 1_000);
    },
    list: (folder) => told(folder, list(channel, folder)),
    makeFolder: (folder) => told(folder, makeFolder(channel, folder)),
    write: (path, bytes) => told(path, write(path, bytes)),
    read: (path, maxBytes) => told(path, read(channel, path, { maxBytes, label: target.label })),
    stream: async function* (path) {
      try {
        yield* stream(channel, sftp, { path, label: target.label });
      } catch (error) {
        throw answerError(error, path, target);
      }
    },
    rename: (from, to) => told(to, rename(from, to)),
    remove: (path) => told(path, remove(channel, path)),
    drop: () => void client.destroy(),
  };
}

/** Its types do not show what the server offers besides the protocol. */
function offersLinks(sftp: SFTPWrapper): boolean {
  const { _extensions } = sftp as unknown as { _extensions: Record<string, string> };
  return _extensions['hardlink@openssh.com'] === '1';
}
