import pTimeout from 'p-timeout';
import { TransferDroppedError } from './errors.ts';

export type Streamed = {
  read(): AsyncGenerator<Uint8Array>;
  /** It was read to its end. */
  isWhole(): boolean;
};

type Limit = { readonly silenceMs: number; readonly label: string; readonly signal?: AbortSignal | undefined };

/** Pieces as they come. Whoever takes them may take their time; the other side may be silent for so long and no longer. */
export function untilSilent(source: AsyncIterable<Uint8Array>, { silenceMs, label, signal }: Limit): Streamed {
  let whole = false;
  const fallback = (): never => {
    throw new TransferDroppedError(`${label} was silent for ${silenceMs} ms`, 'timeout');
  };

  async function* read(): AsyncGenerator<Uint8Array> {
    const pieces = source[Symbol.asyncIterator]();
    for (;;) {
      const next = await pTimeout(pieces.next(), { milliseconds: silenceMs, fallback, ...(signal && { signal }) });
      if (next.done) break;
      yield next.value;
    }
    whole = true;
  }
  return { read, isWhole: () => whole };
}
