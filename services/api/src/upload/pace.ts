/** How slowly an upload may come. Only waiting for the client counts: while we are the slower ones nobody is at fault. */

export type PaceLimits = { readonly windowMs: number; readonly bytesPerSecond: number };

/** 64 KiB a second, looked at every ten seconds of waiting. */
export const UPLOAD_PACE: PaceLimits = { windowMs: 10_000, bytesPerSecond: 64 * 1_024 };

export class TooSlow extends Error {
  override readonly name = 'TooSlow';
}

/** The same bytes. @throws TooSlow */
export async function* paced(
  source: AsyncIterable<Uint8Array>,
  { windowMs, bytesPerSecond }: PaceLimits,
): AsyncGenerator<Uint8Array> {
  const needed = (bytesPerSecond * windowMs) / 1_000;
  const pieces = source[Symbol.asyncIterator]();
  let window = { bytes: 0, waitedMs: 0 };
  const turnOver = (): void => {
    if (window.bytes < needed) throw new TooSlow('the upload comes too slowly');
    window = { bytes: 0, waitedMs: 0 };
  };
  for (;;) {
    const asked = performance.now();
    const next = await inTime(pieces.next(), () => windowMs - window.waitedMs, turnOver);
    if (next.done) return;
    window.waitedMs += performance.now() - asked;
    window.bytes += next.value.length;
    if (window.waitedMs >= windowMs) turnOver();
    yield next.value;
  }
}

/** The answer, however long it takes, unless `whenLate` throws each time that the time is up. */
async function inTime<T>(answer: Promise<T>, leftMs: () => number, whenLate: () => void): Promise<T> {
  const LATE = Symbol('late');
  for (;;) {
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<typeof LATE>((resolve) => {
      timer = setTimeout(resolve, leftMs(), LATE);
    });
    const first = await Promise.race([answer, late]).finally(() => clearTimeout(timer));
    if (first !== LATE) return first;
    try {
      whenLate();
    } catch (error) {
      answer.catch(() => undefined);
      throw error;
    }
  }
}
