/** What an FTP server's replies mean. */
import { FTPError } from 'basic-ftp';
import {
  CertificateRefusedError,
  causeOf,
  DiskFullError,
  droppedCode,
  FileStoreError,
  PermissionDeniedError,
  systemCode,
  TargetLoginRefusedError,
  TargetRefusedError,
  TargetUnreachableError,
  TooManyConnectionsError,
  TransferDroppedError,
  textOf,
} from '../errors.ts';
import { tellsNoSpace, tellsTooMany } from '../server-words.ts';
import type { Target } from '../target.ts';

/** The answer to a question about a file; null: there is none. */
export async function orNull<T>(ask: () => Promise<T>): Promise<T | null> {
  try {
    return await ask();
  } catch (error) {
    if (isNoSuchFile(error)) return null;
    throw error;
  }
}

const isNoSuchFile = (error: unknown): boolean =>
  error instanceof FTPError && error.code === 550 && !/permission|denied/i.test(error.message);

/** The server does not have this command, or not for this. */
export const isUnknownCommand = (error: unknown): boolean =>
  error instanceof FTPError && [500, 502, 504].includes(error.code);

type Kind = new (message: string, code: string, cause: unknown) => FileStoreError;
type Meaning = readonly [Kind, code: string];

/** Replies with a meaning of their own, after the login. */
const REPLIES: Record<number, Meaning> = {
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

function meaningOf({ code, message }: FTPError): Meaning {
  if (tellsNoSpace(message)) return [DiskFullError, 'disk_full'];
  return REPLIES[code] ?? [TargetRefusedError, `ftp_${code}`];
}

export function replyError(error: unknown, path: string, { label, password }: Target): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const text = `${label}: ${path}: ${textOf(error, password)}`;
  const cause = causeOf(error, password);
  if (!(error instanceof FTPError)) return new TransferDroppedError(text, droppedCode(error), cause);
  const [Reply, code] = meaningOf(error);
  return new Reply(text, code, cause);
}

export function connectError(error: unknown, { label, password }: Target): FileStoreError {
  const text = `${label}: ${textOf(error, password)}`;
  const cause = causeOf(error, password);
  if (error instanceof FTPError) {
    const [Refusal, code] = refusalOf(error);
    return new Refusal(text, code, cause);
  }
  const system = systemCode(error);
  if (system && CERTIFICATE.test(system)) return new CertificateRefusedError(text, 'certificate_refused', cause);
  return new TargetUnreachableError(text, system === 'ECONNREFUSED' ? 'connection_refused' : droppedCode(error), cause);
}

const LOGIN_REPLIES = [332, 430, 530, 532];

/** Some tell only who has the right password that there are too many already, and with the number of a wrong one. */
function refusalOf({ code, message }: FTPError): Meaning {
  if (code === 421 || tellsTooMany(message)) return [TooManyConnectionsError, 'too_many_connections'];
  if (LOGIN_REPLIES.includes(code)) return [TargetLoginRefusedError, 'login_refused'];
  return [TargetUnreachableError, `ftp_${code}`];
}

/** The words that OpenSSL and Node have for a certificate that does not hold. */
const CERTIFICATE = /CERT|SELF_SIGNED|ISSUER|ALTNAME|CA_|CRL|VERIFY_LEAF|^INVALID_PURPOSE$|HOSTNAME_MISMATCH/;
