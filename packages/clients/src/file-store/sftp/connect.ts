import { createHash } from 'node:crypto';
import type { Client as SshClient } from 'ssh2';
import Sftp from 'ssh2-sftp-client';
import {
  BadTargetUrlError,
  causeOf,
  DiskFullError,
  droppedCode,
  FileNotFoundError,
  FileStoreError,
  FileTooLargeError,
  HostKeyChangedError,
  PermissionDeniedError,
  systemCode,
  TargetLoginRefusedError,
  TargetRefusedError,
  TargetUnreachableError,
  TransferDroppedError,
  textOf,
} from '../errors.ts';
import type { FileEntry } from '../file-store.ts';
import { withParents } from '../path.ts';
import type { Connect, Session } from '../session.ts';
import type { Target } from '../target.ts';

/** Only to a server whose host key is the pinned one: ssh2 by itself accepts any. */
export function sftpConnect(target: Target): Connect {
  const pinned = pin(target);
  return async (signal) => {
    const sftp = new Sftp('sftp', { error: ignore, end: ignore, close: ignore });
    // Else each small packet waits 40 ms until the server has acknowledged the one before.
    sftp.on('connect', () => connectionOf(sftp).setNoDelay(true));
    const hangUp = () => destroy(sftp);
    signal.addEventListener('abort', hangUp, { once: true });
    let changed: HostKeyChangedError | undefined;
    const hostVerifier = (key: Buffer): boolean => {
      const seen = fingerprint(key);
      if (seen !== pinned) changed = new HostKeyChangedError(target.label, { seen, pinned });
      return seen === pinned;
    };
    try {
      const { host, port, user: username, password } = target;
      // The limit of the whole connect lies outside; ssh2's own would count the handshake alone.
      await sftp.connect({ host, port, username, password, hostVerifier, readyTimeout: 0 });
      return sftpSession(sftp, target);
    } catch (error) {
      destroy(sftp);
      throw changed ?? connectError(error, target);
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
  };
}

function pin({ query, host, port }: Target): string {
  const pinned = query.get('hostkey') ?? '';
  if (/^SHA256:[A-Za-z0-9+/]{43}=?$/.test(pinned)) return pinned.replace(/=$/, '');
  throw new BadTargetUrlError([
    `hostkey=SHA256:… is ${pinned === '' ? 'missing' : 'not a SHA256 fingerprint'}; see it with: ssh-keyscan -p ${port} ${host} | ssh-keygen -lf -`,
  ]);
}

const fingerprint = (key: Buffer): string =>
  `SHA256:${createHash('sha256').update(key).digest('base64').replace(/=$/, '')}`;
const ignore = (): void => undefined;

/** Its types do not show the connection inside. */
const connectionOf = (sftp: Sftp): SshClient => (sftp as unknown as { client: SshClient }).client;
/** `end()` would wait for a goodbye. */
const destroy = (sftp: Sftp): void => void connectionOf(sftp).destroy();

function sftpSession(sftp: Sftp, target: Target): Session {
  let open = true;
  sftp.on('close', () => {
    open = false;
  });
  const told = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw answerError(error, path, target, open);
    }
  };
  const size = async (path: string) => {
    const found = await orNull(() => sftp.stat(path));
    return found?.isFile ? found.size : null;
  };

  return {
    alive: () =>
      open
        ? sftp.realPath('.').then(
            (path) => path !== '',
            () => false,
          )
        : Promise.resolve(false),
    size: (path) => told(path, () => size(path)),
    modifiedAt: (path) =>
      told(path, async () => {
        const found = await orNull(() => sftp.stat(path));
        return found ? new Date(found.modifyTime) : null;
      }),
    list: (folder) => told(folder, () => list(sftp, folder)),
    makeFolder: (folder) => told(folder, () => makeFolder(sftp, folder)),
    write: (path, bytes) => told(path, async () => void (await sftp.put(bytes, path))),
    read: (path, maxBytes) =>
      told(path, async () => {
        const found = await size(path);
        if (found === null) throw new FileNotFoundError(`${target.label}: there is no ${path}`, 'file_not_found');
        if (found > maxBytes)
          throw new FileTooLargeError(
            `${target.label}: ${path} has ${found} bytes, ${maxBytes} are read at most`,
            'file_too_large',
          );
        return Buffer.from((await sftp.get(path)) as Buffer);
      }),
    rename: (from, to) => told(to, () => rename(sftp, from, to)),
    remove: (path) => told(path, async () => void (await sftp.delete(path, true))),
    drop: () => destroy(sftp),
  };
}

/** The plain SFTP rename never overwrites; but what it answers then ("failure") it answers for other reasons too. */
async function rename(sftp: Sftp, from: string, to: string): Promise<boolean> {
  try {
    await sftp.rename(from, to);
    return true;
  } catch (error) {
    if (statusOf(error) === STATUS.failure && (await sftp.exists(to)) !== false) return false;
    throw error;
  }
}

async function list(sftp: Sftp, folder: string): Promise<FileEntry[]> {
  const found = await orNull(() => sftp.list(folder === '' ? '.' : folder));
  return (found ?? [])
    .filter(({ type }) => type === '-' || type === 'd')
    .map(({ name, size, type }) => ({ name, size: type === 'd' ? 0 : size, kind: type === 'd' ? 'folder' : 'file' }));
}

async function makeFolder(sftp: Sftp, folder: string): Promise<void> {
  if ((await sftp.exists(folder)) === 'd') return;
  for (const part of withParents(folder)) {
    if ((await sftp.exists(part)) !== false) continue;
    // Somebody else may make it at the same moment.
    await sftp.mkdir(part).catch(async (error: unknown) => {
      if ((await sftp.exists(part)) !== 'd') throw error;
    });
  }
}

async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (statusOf(error) === STATUS.noSuchFile || systemCode(error) === 'ENOENT') return null;
    throw error;
  }
}

/** Status codes of the protocol; those beyond 8 only newer servers send. */
const STATUS = { noSuchFile: 2, permissionDenied: 3, failure: 4, connectionLost: 7, noSpace: 14, quota: 15 } as const;

function statusOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

type Kind = new (message: string, code: string, cause: unknown) => FileStoreError;
const ANSWERS: Record<number, readonly [Kind, code: string]> = {
  [STATUS.noSuchFile]: [FileNotFoundError, 'file_not_found'],
  [STATUS.permissionDenied]: [PermissionDeniedError, 'permission_denied'],
  [STATUS.failure]: [TargetRefusedError, 'sftp_failure'],
  [STATUS.connectionLost]: [TransferDroppedError, 'reset'],
  [STATUS.noSpace]: [DiskFullError, 'disk_full'],
  [STATUS.quota]: [DiskFullError, 'disk_full'],
};

function answerError(error: unknown, path: string, { label, password }: Target, open: boolean): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const text = `${label}: ${path}: ${textOf(error, password)}`;
  const status = statusOf(error);
  const [Answer, code] = (open && status !== undefined ? ANSWERS[status] : undefined) ?? [
    TransferDroppedError,
    droppedCode(error),
  ];
  return new Answer(text, code, causeOf(error, password));
}

function connectError(error: unknown, { label, password }: Target): FileStoreError {
  const text = `${label}: ${textOf(error, password)}`;
  const cause = causeOf(error, password);
  if (/authentication methods failed/i.test(text)) return new TargetLoginRefusedError(text, 'login_refused', cause);
  const isRefused = systemCode(error) === 'ECONNREFUSED';
  return new TargetUnreachableError(text, isRefused ? 'connection_refused' : droppedCode(error), cause);
}
