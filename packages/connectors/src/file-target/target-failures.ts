/** What happened at a file target, as kinds of failure. */
import {
  CertificateRefusedError,
  DiskFullError,
  FileStoreError,
  HostKeyChangedError,
  PathRefusedError,
  PermissionDeniedError,
  TargetLoginRefusedError,
  TargetUnreachableError,
} from '@lazada-sof/clients';
import { Failure, type FailureKind } from '@lazada-sof/orders';

type ErrorClass = abstract new (...args: never[]) => FileStoreError;

/**
 * Everything else (a reply 4yz, a cut connection, a wrong size, anything unknown) is `transient`.
 * - Who cannot even come in waits on the target's ladder: the same is true of every document, none of them is at fault,
 *   and all go through once the target or its URL is mended. A host key or certificate that does not hold belongs here:
 *   nothing leaves, and there is nothing to try again before a person has looked.
 * - A folder that may not be written to, or a full disk, uses up tries: it shows in the dashboard soon, heals by itself for
 *   days once somebody has mended it, and blocks only then.
 */
const KINDS: readonly (readonly [ErrorClass, FailureKind])[] = [
  [TargetUnreachableError, 'not-ready'],
  [TargetLoginRefusedError, 'not-ready'],
  [HostKeyChangedError, 'not-ready'],
  [CertificateRefusedError, 'not-ready'],
  [PermissionDeniedError, 'transient'],
  [DiskFullError, 'transient'],
  [PathRefusedError, 'rejected'],
];

/** `what` was being done with `path`. */
export function targetFailure(path: string, error: unknown, signal?: AbortSignal, what = 'upload of'): Failure {
  if (error instanceof Failure) return error;
  if (signal?.aborted) return new Failure('transient', `${what} ${path}: stopped`, { code: 'aborted', cause: error });
  const known = error instanceof FileStoreError;
  const kind = KINDS.find(([errorClass]) => error instanceof errorClass)?.[1] ?? 'transient';
  return new Failure(kind, `${what} ${path}: ${known ? error.message : 'something unexpected happened'}`, {
    code: known ? error.code : 'unexpected',
    cause: error,
    ...(kind === 'not-ready' && { schedule: 'target' as const }),
  });
}
