/** What an SSH server's answers mean. */
import {
  causeOf,
  DiskFullError,
  droppedCode,
  FileNotFoundError,
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

/** Status codes of the protocol; those beyond 8 only newer servers send. */
const STATUS = {
  noSuchFile: 2,
  permissionDenied: 3,
  failure: 4,
  connectionLost: 7,
  noSuchPath: 10,
  noSpace: 14,
  quota: 15,
} as const;

/** The server's answer, where the error is one; else it is the line's. */
export function statusOf(error: unknown): number | undefined {
  const code: unknown = error instanceof Error && 'code' in error ? error.code : undefined;
  return typeof code === 'number' ? code : undefined;
}

const NOT_THERE: readonly (number | undefined)[] = [STATUS.noSuchFile, STATUS.noSuchPath];

/** What was asked about a path; null: there is nothing. */
export const orNull = <T>(ask: Promise<T>): Promise<T | null> => unless(NOT_THERE, ask);

/** The same, of a server that may have "failure" as its only word: there it stands for "no such file" as well. */
export const factsOrNull = <T>(ask: Promise<T>): Promise<T | null> => unless([...NOT_THERE, STATUS.failure], ask);

async function unless<T>(nothing: readonly (number | undefined)[], ask: Promise<T>): Promise<T | null> {
  try {
    return await ask;
  } catch (error) {
    if (nothing.includes(statusOf(error))) return null;
    throw error;
  }
}

type Kind = new (message: string, code: string, cause: unknown) => FileStoreError;
type Meaning = readonly [Kind, code: string];

const ANSWERS: Record<number, Meaning> = {
  [STATUS.noSuchFile]: [FileNotFoundError, 'file_not_found'],
  [STATUS.noSuchPath]: [FileNotFoundError, 'file_not_found'],
  [STATUS.permissionDenied]: [PermissionDeniedError, 'permission_denied'],
  [STATUS.failure]: [TargetRefusedError, 'sftp_failure'],
  [STATUS.connectionLost]: [TransferDroppedError, 'reset'],
  [STATUS.noSpace]: [DiskFullError, 'disk_full'],
  [STATUS.quota]: [DiskFullError, 'disk_full'],
};

function meaningOf(error: unknown): Meaning {
  const status = statusOf(error);
  if (status === undefined) return [TransferDroppedError, droppedCode(error)];
  if (error instanceof Error && tellsNoSpace(error.message)) return [DiskFullError, 'disk_full'];
  return ANSWERS[status] ?? [TargetRefusedError, `sftp_${status}`];
}

export function answerError(error: unknown, path: string, { label, password }: Target): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const [Answer, code] = meaningOf(error);
  return new Answer(`${label}: ${path}: ${textOf(error, password)}`, code, causeOf(error, password));
}

/** The server has no key of a type that it was asked for. */
export const isNoCommonKey = (error: unknown): boolean =>
  error instanceof Error && /no matching host key format/i.test(error.message);

const TOO_MANY_CONNECTIONS = 12;

/** `missing`: what the server wants and we do not have. */
export function connectError(error: unknown, { label, password }: Target, missing?: string): FileStoreError {
  const words = textOf(error, password);
  const text = `${label}: ${words}${missing === undefined ? '' : ` (${missing})`}`;
  const cause = causeOf(error, password);
  if (error instanceof TargetLoginRefusedError || /authentication methods failed/i.test(words))
    return new TargetLoginRefusedError(text, 'login_refused', cause);
  if (statusOf(error) === TOO_MANY_CONNECTIONS || tellsTooMany(words))
    return new TooManyConnectionsError(text, 'too_many_connections', cause);
  const isRefused = systemCode(error) === 'ECONNREFUSED';
  return new TargetUnreachableError(text, isRefused ? 'connection_refused' : droppedCode(error), cause);
}
