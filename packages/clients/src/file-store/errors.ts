/**
 * What can happen between us and a file target, one small class each. Messages name the target without user or password;
 * what a server said is passed on with the password struck out.
 */
import { oneLine, REDACTED, redactText, rememberSecrets } from '@lazada-sof/redact';

export class FileStoreError extends Error {
  override readonly name: string = 'FileStoreError';
  /** A short word for logs and metrics: `connection_refused`, `timeout`, `ftp_451` … */
  readonly code: string;

  constructor(message: string, code: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

/** The URL names no target that can be used. The message holds every mistake, and nothing of the URL. */
export class BadTargetUrlError extends FileStoreError {
  override readonly name = 'BadTargetUrlError';
  readonly mistakes: readonly string[];

  constructor(mistakes: readonly string[]) {
    super(`file target URL: ${mistakes.join('; ')}`, 'bad_target_url');
    this.mistakes = mistakes;
  }
}

/** A path that could mean something else on the other side. */
export class PathRefusedError extends FileStoreError {
  override readonly name = 'PathRefusedError';
}

/** Nobody answered: refused, no such host, no route, or too late. */
export class TargetUnreachableError extends FileStoreError {
  override readonly name: string = 'TargetUnreachableError';
}

/** The server has as many connections as it lets in, of everybody or of us. */
export class TooManyConnectionsError extends TargetUnreachableError {
  override readonly name = 'TooManyConnectionsError';
}

/** The server's certificate is not one that we trust for this host. */
export class CertificateRefusedError extends FileStoreError {
  override readonly name = 'CertificateRefusedError';
}

/** A key that a server has shown: `ssh-ed25519`, `SHA256:…`. */
export type SeenHostKey = { readonly type: string; readonly fingerprint: string };

/** None of the keys that the server shows is pinned: nothing was sent, not even the user's name. */
export class HostKeyChangedError extends FileStoreError {
  override readonly name = 'HostKeyChangedError';
  /** The fingerprints that it showed. */
  readonly seen: string;

  constructor(target: string, { seen, pinned }: { seen: readonly SeenHostKey[]; pinned: readonly string[] }) {
    const shown = seen.map(({ type, fingerprint }) => `${fingerprint} (${type})`).join(', ');
    const advice = seen.map(({ fingerprint }) => `hostkey=${encodeURIComponent(fingerprint)}`).join(' or ');
    super(
      `${target} shows the host key ${shown}, pinned is ${pinned.join(', ')}; once whoever runs the server has confirmed it, pin ${advice}`,
      'host_key_changed',
    );
    this.seen = seen.map(({ fingerprint }) => fingerprint).join(', ');
  }
}

export class TargetLoginRefusedError extends FileStoreError {
  override readonly name = 'TargetLoginRefusedError';
}

/** The server lets us in, but not do this. */
export class PermissionDeniedError extends FileStoreError {
  override readonly name = 'PermissionDeniedError';
}

export class DiskFullError extends FileStoreError {
  override readonly name = 'DiskFullError';
}

/** The server asks to come again later (an FTP reply 4yz), or says no without a reason that we know. */
export class TargetRefusedError extends FileStoreError {
  override readonly name = 'TargetRefusedError';
}

/** The connection ended, or fell silent, in the middle: what was asked may have happened. */
export class TransferDroppedError extends FileStoreError {
  override readonly name = 'TransferDroppedError';
}

export class SizeMismatchError extends FileStoreError {
  override readonly name = 'SizeMismatchError';
}

export class FileNotFoundError extends FileStoreError {
  override readonly name = 'FileNotFoundError';
}

export class FileTooLargeError extends FileStoreError {
  override readonly name = 'FileTooLargeError';
}

/** A file of that name lies there already; it was left as it is. */
export class FileExistsError extends FileStoreError {
  override readonly name = 'FileExistsError';
  readonly path: string;
  readonly size: number;

  constructor(target: string, path: string, size: number) {
    super(`${target}: ${path} exists, ${size} bytes`, 'file_exists');
    this.path = path;
    this.size = size;
  }
}

/** The text of whatever was thrown, on one line, without the password in whatever spelling, and without anybody's data. */
export function textOf(error: unknown, password: string): string {
  rememberSecrets([password]);
  const text = redactText(error instanceof Error ? error.message : String(error));
  // Of less than six characters it is not remembered, since it may be in ordinary words.
  const told = password === '' ? text : text.replaceAll(password, REDACTED);
  return oneLine(told).slice(0, 300);
}

/** The error itself as a cause, unless it holds the password. */
export function causeOf(error: unknown, password: string): unknown {
  const text = error instanceof Error ? `${error.message} ${error.stack}` : String(error);
  return password !== '' && text.includes(password) ? undefined : error;
}

/** The operating system's word for it (`ECONNREFUSED`), also where a library has put its own error around it. */
export function systemCode(error: unknown): string | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'string' ? code : undefined;
}

/** What to call the end of a connection of which the other side said nothing. */
export function droppedCode(error: unknown): string {
  if (error instanceof Error && /timed? ?out/i.test(error.message)) return 'timeout';
  const system = systemCode(error);
  const saysNothing = system === undefined || system === '0' || system.startsWith('ERR_');
  return saysNothing || system === 'ECONNRESET' || system === 'EPIPE' ? 'reset' : system.toLowerCase();
}
