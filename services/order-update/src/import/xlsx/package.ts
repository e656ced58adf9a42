/**
 * A spreadsheet as the zip that it is. Somebody else made it: what an entry holds is counted while it is unpacked, never
 * trusted, and only the few entries that are needed are unpacked at all.
 */
import { crc32 } from 'node:zlib';
import { FILE_REFUSALS, FileRefused } from '@lazada-sof/orders';
import { type Entry, fromBufferPromise, type ZipFile } from 'yauzl';

const MiB = 1024 * 1024;
/** How much a part may unpack to. A sheet of 200,000 rows has a few hundred. */
export const MOST_BYTES = { sheet: 512 * MiB, sharedStrings: 64 * MiB, styles: 16 * MiB, small: 4 * MiB } as const;
const MOST_ENTRIES = 10_000;

export class Package {
  readonly #zip: ZipFile;
  readonly #entries: ReadonlyMap<string, Entry>;

  private constructor(zip: ZipFile, entries: ReadonlyMap<string, Entry>) {
    this.#zip = zip;
    this.#entries = entries;
  }

  /** @throws FileRefused */
  static async open(bytes: Buffer): Promise<Package> {
    try {
      const zip = await fromBufferPromise(bytes);
      if (zip.entryCount > MOST_ENTRIES) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
      return new Package(zip, await entriesOf(zip));
    } catch (error) {
      throw asRefusal(error);
    }
  }

  has(path: string): boolean {
    return this.#entries.has(path);
  }

  get paths(): readonly string[] {
    return [...this.#entries.keys()];
  }

  /** @throws FileRefused, also where it is missing */
  async *read(path: string, most: number): AsyncGenerator<Buffer> {
    const entry = this.#entries.get(path);
    if (!entry) throw new FileRefused(FILE_REFUSALS.sheetDamaged());
    if (entry.isEncrypted()) throw new FileRefused(FILE_REFUSALS.sheetPassword());
    if (entry.uncompressedSize > most) throw new FileRefused(FILE_REFUSALS.sheetUnpacksToTooMuch());
    try {
      let sum = 0;
      for await (const chunk of await this.#zip.openReadStreamPromise(entry)) {
        sum = crc32(chunk, sum);
        yield chunk;
      }
      if (sum !== entry.crc32) throw new FileRefused(FILE_REFUSALS.sheetDamaged());
    } catch (error) {
      throw asRefusal(error);
    }
  }
}

async function entriesOf(zip: ZipFile): Promise<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  for await (const entry of zip.eachEntry()) {
    // Two of one name: one program would read this, another that.
    if (entries.has(entry.fileName)) throw new FileRefused(FILE_REFUSALS.sheetDamaged());
    entries.set(entry.fileName, entry);
  }
  return entries;
}

const asRefusal = (error: unknown): FileRefused =>
  error instanceof FileRefused ? error : new FileRefused(FILE_REFUSALS.sheetDamaged(), { cause: error });
