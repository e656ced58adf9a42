/** The rows of a text, streamed through csv-parse. */
import { finished } from 'node:stream/promises';
import { FILE_REFUSALS, FileRefused, type RawRow } from '@lazada-sof/orders';
import { type CsvError, parse } from 'csv-parse';
import { type ImportSource, slicesOf } from './import-source.ts';
import { type Encoding, inStretches } from './table.ts';

/** More is no row: a quote is open, or it is another file. */
export const LONGEST_ROW = 100_000;

/** More are somebody's mistake, and their hashes would fill the memory; empty ones take time too. */
export const MOST_CSV_ROWS = 5_000_000;

/** So much text without the end of a row: separators count for nothing in a row's length, and a file may be all of them. */
const LONGEST_WITHOUT_ROW = 1024 * 1024;

/** What was taken for UTF-8 is something older. */
export class NotUtf8 extends Error {
  override readonly name = 'NotUtf8';
}

export type CsvText = {
  readonly source: ImportSource;
  readonly encoding: Encoding;
  readonly separator: string;
  readonly hasSeparatorLine: boolean;
};

/** From the first line on, a line `sep=` left out, in stretches. @throws FileRefused, NotUtf8 */
export async function* csvRows(csv: CsvText): AsyncGenerator<readonly RawRow[]> {
  const splitter = new Splitter(csv.separator);
  try {
    for await (const text of textOf(csv)) {
      await splitter.write(text);
      yield* inStretches(withoutSeparatorLine(splitter.taken(), csv));
    }
    await splitter.end();
    yield* inStretches(withoutSeparatorLine(splitter.taken(), csv));
  } finally {
    splitter.close();
  }
}

const withoutSeparatorLine = (rows: readonly RawRow[], { hasSeparatorLine }: CsvText): readonly RawRow[] =>
  hasSeparatorLine && rows[0]?.line === 1 ? rows.slice(1) : rows;

/** Every line ends in LF alone, so that lines are counted once and cells hold one kind of line break. */
async function* textOf({ source, encoding }: CsvText): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: encoding === 'utf-8' });
  let held = '';
  for await (const slice of slicesOf(source)) {
    const text = held + decoded(() => decoder.decode(slice, { stream: true }));
    held = text.endsWith('\r') ? '\r' : '';
    yield asText(held ? text.slice(0, -1) : text);
  }
  yield asText(held + decoded(() => decoder.decode()));
}

function decoded(decode: () => string): string {
  try {
    return decode();
  } catch (cause) {
    throw new NotUtf8('the file is no UTF-8', { cause });
  }
}

function asText(text: string): string {
  if (text.includes('\0')) throw new FileRefused(FILE_REFUSALS.textWithNul());
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

class Splitter {
  #rows: RawRow[] = [];
  /** At which the last row ended. */
  #line = 0;
  /** Where a quote made a row broken of which the end is not told. */
  #brokenAt = 0;
  #sinceRow = 0;
  #count = 0;
  readonly #parser;

  constructor(separator: string) {
    this.#parser = parse({
      delimiter: separator,
      record_delimiter: '\n',
      relax_column_count: true,
      max_record_size: LONGEST_ROW,
      // With it a row that cannot be split is told by `on_skip` and the next one is read.
      skip_records_with_error: true,
      on_skip: (error) => {
        this.#skip(error);
        return undefined;
      },
      on_record: (cells: string[], { lines }) => {
        const line = lines - this.#line === 1 ? lines : lines - breaksIn(cells);
        this.#rows.push({ line, cells });
        this.#line = lines;
        this.#sinceRow = 0;
        this.#brokenAt = 0;
        // They are taken from here and not from the stream, which costs as much as the splitting.
        return null;
      },
    });
    this.#parser.on('error', () => undefined).resume();
  }

  async write(text: string): Promise<void> {
    if (text === '') return;
    this.#sinceRow += text.length;
    await new Promise<void>((resolve, reject) => {
      withoutStacks(() => this.#parser.write(text, (error) => (error ? reject(error) : resolve())));
    });
    if (this.#sinceRow > LONGEST_WITHOUT_ROW)
      throw new FileRefused(FILE_REFUSALS.rowTooLong(this.#line + 1, LONGEST_ROW));
  }

  async end(): Promise<void> {
    this.#parser.end();
    await finished(this.#parser);
  }

  close(): void {
    this.#parser.destroy();
  }

  taken(): readonly RawRow[] {
    const rows = this.#rows;
    this.#rows = [];
    this.#count += rows.length;
    if (this.#count > MOST_CSV_ROWS) throw new FileRefused(FILE_REFUSALS.csvTooManyRows(MOST_CSV_ROWS));
    return rows;
  }

  /** @throws FileRefused where nobody can say where the next row begins */
  #skip(error: CsvError | undefined): void {
    const line = this.#brokenAt === 0 ? this.#line + 1 : linesOf(error);
    if (error?.code === 'CSV_MAX_RECORD_SIZE') throw new FileRefused(FILE_REFUSALS.rowTooLong(line, LONGEST_ROW));
    if (error?.code !== 'INVALID_OPENING_QUOTE') throw new FileRefused(FILE_REFUSALS.quoteNotClosed(line));
    // One row is told once for each such quote in it.
    if (this.#brokenAt !== linesOf(error)) this.#rows.push({ line, cells: [], isBroken: true });
    this.#brokenAt = linesOf(error);
  }
}

/** It makes an error of each row that is shorter or longer than the header, and throws it away: with its stack that is most of its work. */
function withoutStacks(work: () => void): void {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  try {
    work();
  } finally {
    Error.stackTraceLimit = stackTraceLimit;
  }
}

const linesOf = (error: CsvError | undefined): number => Number(error?.lines ?? 0);

const breaksIn = (cells: readonly string[]): number =>
  cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
