/** Signals of several callers of one call. */

/** Why a signal was aborted, as an error. */
export function abortReason(signal: AbortSignal | undefined): Error {
  const reason: unknown = signal?.reason;
  return reason instanceof Error ? reason : new DOMException('This operation was aborted', 'AbortError');
}

/** Aborts once all of them are; absent where one never can. A call goes on as long as one caller waits for it. */
export function whenAllAborted(signals: readonly (AbortSignal | undefined)[]): AbortSignal | undefined {
  const present = signals.filter((signal) => signal !== undefined);
  if (present.length < signals.length || present.length === 0) return undefined;
  const all = new AbortController();
  const look = () => {
    if (present.every((signal) => signal.aborted)) all.abort(abortReason(present[0]));
  };
  for (const signal of new Set(present)) signal.addEventListener('abort', look, { once: true, signal: all.signal });
  look();
  return all.signal;
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
