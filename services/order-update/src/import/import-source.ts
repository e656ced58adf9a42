/** The bytes of an import file, which can be read again from the beginning: a file is surveyed as a whole before its first row is taken. */
export type ImportSource = {
  readonly size: number;
  open(): AsyncIterable<Uint8Array>;
};

/** No slice takes long, so that whoever else works in this process has its turn between two of them. */
const SLICE = 16 * 1024;

export async function* slicesOf(source: ImportSource): AsyncGenerator<Uint8Array> {
  for await (const chunk of source.open())
    for (let from = 0; from < chunk.length; from += SLICE) {
      yield chunk.subarray(from, from + SLICE);
      await breath();
    }
}

/** Lets everything that waits in this process go first. */
export const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** The first bytes, fewer where the file ends. */
export async function headOf(source: ImportSource, length: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let read = 0;
  for await (const chunk of source.open()) {
    parts.push(chunk);
    read += chunk.length;
    if (read >= length) break;
  }
  return Buffer.concat(parts).subarray(0, length);
}

/** All of it, for a source whose size was checked. */
export async function wholeOf(source: ImportSource): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  for await (const chunk of source.open()) parts.push(chunk);
  return Buffer.concat(parts);
}
