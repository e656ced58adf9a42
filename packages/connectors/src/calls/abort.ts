/** Signals of several callers of one call. */

/** Why a signal was aborted, as an error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError');
}

/**
 * Makes one call for several callers: its signal aborts once all of theirs have, so it goes on as long as one of them
 * waits. No signal where one of them never stops waiting.
 */
export async function whileAnyWaits<T>(
  signals: readonly (AbortSignal | undefined)[],
  call: (signal: AbortSignal | undefined) => Promise<T>,
): Promise<T> {
  const present = signals.filter((signal) => signal !== undefined);
  if (present.length < signals.length) return call(undefined);
  const all = new AbortController();
  const look = () => {
    if (present.every((signal) => signal.aborted)) all.abort(abortReason(present[0]));
  };
  // Callers' signals live longer than the call: of a process that closes, for as long as the process.
  const listening = new AbortController();
  for (const signal of new Set(present)) signal.addEventListener('abort', look, { signal: listening.signal });
  look();
  try {
    return await call(all.signal);
  } finally {
    listening.abort();
  }
}

/** The promise's outcome, or the signal's reason as soon as it is aborted; what was under way goes on unseen. */
export async function abortable<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const onAbort = () => reject(abortReason(signal));
  if (signal.aborted) onAbort();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
