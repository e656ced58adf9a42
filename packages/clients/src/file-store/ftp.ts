import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { Readable, Writable } from 'node:stream';
import type { ConnectionOptions } from 'node:tls';
import { Client, FTPError } from 'basic-ftp';
import {
  BadTargetUrlError,
  CertificateRefusedError,
  causeOf,
  DiskFullError,
  FileNotFoundError,
  FileStoreError,
  FileTooLargeError,
  PermissionDeniedError,
  systemCode,
  TargetLoginRefusedError,
  TargetRefusedError,
  TargetUnreachableError,
  TransferDroppedError,
  textOf,
} from './errors.ts';
import type { FileEntry } from './file-store.ts';
import { withParents } from './path.ts';
import type { Connect, Session } from './session.ts';
import type { Target } from './target.ts';

/** No answer and no byte for so long: the other side is gone. */
const SILENCE_MS = 30_000;

export const ftpConnect = (target: Target): Connect => connector(target, undefined);

/** Explicit TLS, control and data, the certificate verified for the URL's host; `?ca=` is a file with its authority. */
export function ftpsConnect(target: Target): Connect {
  const ca = authority(target);
  // A name for the certificate is sent and checked; an address is only checked.
  return connector(target, { ...(ca && { ca }), ...(isIP(target.host) === 0 && { servername: target.host }) });
}

function authority({ query }: Target): Buffer | undefined {
  const file = query.get('ca');
  if (file === undefined) return undefined;
  try {
    return readFileSync(file);
  } catch (error) {
    throw new BadTargetUrlError([`ca: ${file} cannot be read (${systemCode(error) ?? 'unknown reason'})`]);
  }
}

function connector(target: Target, tls: ConnectionOptions | undefined): Connect {
  return async (signal) => {
    const client = new Client(SILENCE_MS);
    const hangUp = () => client.close();
    signal.addEventListener('abort', hangUp, { once: true });
    try {
      const { host, port, user, password } = target;
      await client.access({ host, port, user, password, ...(tls && { secure: true, secureOptions: { ...tls } }) });
      return ftpSession(client, target);
    } catch (error) {
      client.close();
      throw connectError(error, target);
    } finally {
      signal.removeEventListener('abort', hangUp);
    }
  };
}

function ftpSession(client: Client, target: Target): Session {
  const told = async <T>(path: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw replyError(error, path, target);
    }
  };
  const size = (path: string) => orNull(() => client.size(path));

  return {
    alive: () =>
      client.closed
        ? Promise.resolve(false)
        : client.send('NOOP').then(
            () => true,
            () => false,
          ),
    size: (path) => told(path, () => size(path)),
    modifiedAt: (path) => told(path, () => orNull(() => client.lastMod(path))),
    list: (folder) => told(folder, () => list(client, folder)),
    makeFolder: (folder) => told(folder, () => makeFolder(client, folder)),
    write: (path, bytes) => told(path, async () => void (await client.uploadFrom(Readable.from([bytes]), path))),
    read: (path, maxBytes) => told(path, () => read(client, path, maxBytes, target.label)),
    rename: (from, to) =>
      told(to, async () => {
        // Servers rename over what is there (vsftpd) or refuse (others): the look before is what guards.
        if ((await size(to)) !== null) return false;
        await client.rename(from, to);
        return true;
      }),
    remove: (path) => told(path, () => remove(client, path)),
    drop: () => client.close(),
  };
}

async function list(client: Client, folder: string): Promise<FileEntry[]> {
  const found = await client
    .list(folder === '' ? '.' : folder)
    .catch((error: unknown) => noneThere(client, folder, error));
  return found
    .filter(({ name, isFile, isDirectory }) => name !== '.' && name !== '..' && (isFile || isDirectory))
    .map(({ name, size, isDirectory }) => ({
      name,
      size: isDirectory ? 0 : size,
      kind: isDirectory ? 'folder' : 'file',
    }));
}

/** Servers say that a folder is not there with an empty list, or with many different numbers; going there tells. */
async function noneThere(client: Client, folder: string, refusal: unknown): Promise<[]> {
  if (!(refusal instanceof FTPError)) throw refusal;
  const reply = await client.sendIgnoringError(`CWD ${folder}`);
  // A connection that throws is not used again: no need to go back.
  if (reply.code < 400) throw refusal;
  return [];
}

/** "It exists" and "you may not" have the same reply: whether the folder can be used shows when it is written to. */
async function makeFolder(client: Client, folder: string): Promise<void> {
  for (const part of withParents(folder)) await client.sendIgnoringError(`MKD ${part}`);
}

async function read(client: Client, path: string, maxBytes: number, label: string): Promise<Buffer> {
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
    if (!(error instanceof FTPError) || (await orNull(() => client.size(path))) !== null) throw error;
    throw new FileNotFoundError(`${label}: there is no ${path}`, 'file_not_found', error);
  });
  return Buffer.concat(chunks);
}

/** The reply to DELE does not tell "there is none" from "you may not"; the file's size does. */
async function remove(client: Client, path: string): Promise<void> {
  const reply = await client.sendIgnoringError(`DELE ${path}`);
  if (reply.code >= 400 && (await orNull(() => client.size(path))) !== null) throw new FTPError(reply);
}

async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNoSuchFile(error)) return null;
    throw error;
  }
}

const isNoSuchFile = (error: unknown): boolean =>
  error instanceof FTPError && error.code === 550 && !/permission|denied/i.test(error.message);

type Kind = new (message: string, code: string, cause: unknown) => FileStoreError;

/** Replies with a meaning of their own, after the login. */
const REPLIES: Record<number, readonly [Kind, code: string]> = {
  421: [TransferDroppedError, 'ftp_421'],
  425: [TransferDroppedError, 'ftp_425'],
  426: [TransferDroppedError, 'ftp_426'],
  452: [DiskFullError, 'disk_full'],
  552: [DiskFullError, 'disk_full'],
  530: [TargetLoginRefusedError, 'login_refused'],
  532: [PermissionDeniedError, 'permission_denied'],
  550: [PermissionDeniedError, 'permission_denied'],
  553: [PermissionDeniedError, 'permission_denied'],
};

function replyError(error: unknown, path: string, { label, password }: Target): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const text = `${label}: ${path}: ${textOf(error, password)}`;
  const cause = causeOf(error, password);
  if (!(error instanceof FTPError)) return new TransferDroppedError(text, droppedCode(error), cause);
  const [Reply, code] = REPLIES[error.code] ?? [TargetRefusedError, `ftp_${error.code}`];
  return new Reply(text, code, cause);
}

function connectError(error: unknown, { label, password }: Target): FileStoreError {
  const text = `${label}: ${textOf(error, password)}`;
  const cause = causeOf(error, password);
  if (error instanceof FTPError) {
    const isLogin = [332, 430, 530, 532].includes(error.code);
    return isLogin
      ? new TargetLoginRefusedError(text, 'login_refused', cause)
      : new TargetUnreachableError(text, `ftp_${error.code}`, cause);
  }
  const system = systemCode(error);
  if (system && CERTIFICATE.test(system)) return new CertificateRefusedError(text, 'certificate_refused', cause);
  return new TargetUnreachableError(text, system === 'ECONNREFUSED' ? 'connection_refused' : droppedCode(error), cause);
}

/** The words that OpenSSL and Node have for a certificate that does not hold. */
const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|ALTNAME|CA_|CRL|VERIFY_LEAF|^INVALID_PURPOSE$|HOSTNAME_MISMATCH/;

function droppedCode(error: unknown): string {
  if (error instanceof Error && /timeout/i.test(error.message)) return 'timeout';
  const system = systemCode(error);
  return system === undefined || system === '0' || system === 'ECONNRESET' || system === 'EPIPE'
    ? 'reset'
    : system.toLowerCase();
}
