import pTimeout from 'p-timeout';
import { TransferDroppedError } from './errors.ts';

export type Limit = {
  readonly ms: number;
  readonly signal?: AbortSignal | undefined;
  /** Ends what the work has begun. */
  readonly hangUp: () => void;
  /** Who is waited for, for the message. */
  readonly label: string;
};

/**
 * The work's outcome, unless the time is up or the signal comes first. Whatever goes wrong, the work's connection is
 * hung up: it is never used again.
 * @throws the work's error, the signal's reason, or TransferDroppedError `timeout`
 */
export async function within<T>(work: Promise<T>, { ms, signal, hangUp, label }: Limit): Promise<T> {
  const fallback = (): never => {
    throw new TransferDroppedError(`${label} took longer than ${ms} ms`, 'timeout');
  };
  try {
    return await pTimeout(work, { milliseconds: ms, fallback, ...(signal && { signal }) });
  } catch (error) {
    hangUp();
    throw error;
  }
}
