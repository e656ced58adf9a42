/**
 * The streams of a PDF as they lie in the file: found by their words, not by the file's own table, which may leave some out
 * or lie. What hides here from a look at the words still meets the watch over the memory of whoever opens it.
 */

export type Stream = {
  /** The names of what it is packed with, outermost first. */
  readonly filters: readonly string[];
  /** Width times height, where it says so. */
  readonly pixels: number;
  /** From its first byte to the end of the file: what is packed says itself where it ends. */
  readonly packed: Buffer;
};

const STREAM = Buffer.from('stream');
/** A dictionary is a few hundred bytes. */
const LONGEST_DICTIONARY = 16 * 1024;

export function* streamsOf(pdf: Buffer): Generator<Stream> {
  for (let at = pdf.indexOf(STREAM); at >= 0; at = pdf.indexOf(STREAM, at + 1)) {
    const before = pdf
      .subarray(Math.max(0, at - LONGEST_DICTIONARY), at)
      .toString('latin1')
      .trimEnd();
    if (!before.endsWith('>>')) continue;
    const dictionary = plainNames(before.slice(before.lastIndexOf('obj') + 3));
    yield {
      filters: filtersOf(dictionary, pdf),
      pixels: numberAt(dictionary, 'Width') * numberAt(dictionary, 'Height'),
      packed: pdf.subarray(afterLineEnd(pdf, at + STREAM.length)),
    };
  }
}

/** `/Fl#61te` is `/Flate`. */
const plainNames = (text: string): string =>
  text.replaceAll(/#([0-9a-f]{2})/gi, (_, digits: string) => String.fromCharCode(Number.parseInt(digits, 16)));

function filtersOf(dictionary: string, pdf: Buffer): string[] {
  const [, written = ''] = /\/Filter(?![A-Za-z])\s*(\[[^\]]*\]|\/[^\s/[\]<>()]+|\d+\s+\d+\s+R)/.exec(dictionary) ?? [];
  const direct = written.replaceAll(/(\d+)\s+(\d+)\s+R/g, (_, number, generation) =>
    objectAt(pdf, `${number} ${generation} obj`),
  );
  return [...direct.matchAll(/\/([^\s/[\]<>()]+)/g)].map(([, name = '']) => name);
}

/** The newest of that number, since a PDF grows at its end. */
function objectAt(pdf: Buffer, head: string): string {
  const at = pdf.lastIndexOf(head);
  const text = at < 0 ? '' : pdf.subarray(at + head.length, at + 1024).toString('latin1');
  return plainNames(text.split('endobj', 1)[0] ?? '');
}

const numberAt = (dictionary: string, key: string): number =>
  Number(new RegExp(`/${key}\\s+(\\d{1,9})(?!\\s+\\d+\\s+R)`).exec(dictionary)?.[1] ?? 0);

function afterLineEnd(pdf: Buffer, at: number): number {
  const [first, second] = pdf.subarray(at, at + 2);
  if (first === 0x0d) return second === 0x0a ? at + 2 : at + 1;
  return first === 0x0a ? at + 1 : at;
}
