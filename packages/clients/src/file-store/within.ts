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
  const { promise: stopped, reject } = Promise.withResolvers<never>();
  const late = () => reject(new TransferDroppedError(`${label} took longer than ${ms} ms`, 'timeout'));
  // Not AbortSignal.timeout: its timer would outlive each of many short calls by the whole limit.
  const timer = setTimeout(late, ms);
  const onAbort = () => reject(signal?.reason);
  if (signal?.aborted) onAbort();
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([work, stopped]);
  } catch (error) {
    hangUp();
    throw error;
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
    // Whichever loses fails later, and nobody listens then.
    for (const loser of [work, stopped]) loser.catch(() => undefined);
  }
}
