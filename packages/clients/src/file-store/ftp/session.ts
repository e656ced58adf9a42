import { type Client, FTPError } from 'basic-ftp';
import type { Session } from '../session.ts';
import type { Target } from '../target.ts';
import { type FileFacts, fileFacts } from './file-facts.ts';
import { makeFolder, read, remove, stream } from './files.ts';
import { list } from './listing.ts';
import { replyError } from './replies.ts';
import { upload } from './upload.ts';

export function ftpSession(client: Client, target: Target): Session {
  const told = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw replyError(error, path, target);
    }
  };
  const facts = fileFacts(client);
  const { isOpen, answers } = listenTo(client);

  return {
    isOpen,
    answers,
    alive: async () =>
      isOpen() &&
      client.send('NOOP').then(
        () => true,
        () => false,
      ),
    size: (path) => told(path, () => facts.size(path)),
    modifiedAt: (path) => told(path, () => facts.modifiedAt(path)),
    list: (folder) => told(folder, () => list(client, folder)),
    makeFolder: (folder) => told(folder, () => makeFolder(client, folder)),
    write: (path, bytes) => told(path, () => upload(client, path, bytes)),
    read: (path, maxBytes) => told(path, () => read({ client, facts, label: target.label }, path, maxBytes)),
    stream: async function* (path) {
      try {
        yield* stream({ client, facts, label: target.label }, path);
      } catch (error) {
        throw replyError(error, path, target);
      }
    },
    rename: (from, to) => told(to, () => rename({ client, facts }, from, to)),
    remove: (path) => told(path, () => remove({ client, facts }, path)),
    drop: () => client.close(),
  };
}

/** Servers rename over what is there (vsftpd) or refuse (others): the look before is what guards. */
async function rename(
  { client, facts }: { client: Client; facts: FileFacts },
  from: string,
  to: string,
): Promise<boolean> {
  if ((await facts.size(to)) !== null) return false;
  try {
    await client.rename(from, to);
  } catch (error) {
    if (error instanceof FTPError && (await facts.size(to)) !== null) return false;
    throw error;
  }
  return true;
}

/** A server that hangs up may say so first (421), when nobody asks it anything: basic-ftp drops those words. */
function listenTo(client: Client): Pick<Session, 'isOpen' | 'answers'> {
  let answers = 0;
  let goodbye = false;
  client.ftp.socket.on('data', (words) => {
    const replies: readonly string[] = String(words).match(/^\d{3}/gm) ?? [];
    goodbye ||= replies.includes('421');
    if (replies.some((code) => code !== '421')) answers += 1;
  });
  return { isOpen: () => !goodbye && !client.closed, answers: () => answers };
}
