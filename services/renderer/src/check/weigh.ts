/**
 * What a PDF becomes when it is unpacked, counted before anybody does: three megabytes can be four gigabytes. No more of it
 * is held here than two pieces of each filter.
 */
import { type Filter, filterNamed, type Pieces, piecesOf, smallFlateSize } from './filters.ts';
import { type Stream, streamsOf } from './streams.ts';

/** A sheet scanned in colour at 600 dots an inch is 100 MB. */
const LARGEST_STREAM = 256 * 1024 * 1024;
const LARGEST_WHOLE = 1024 * 1024 * 1024;

/** What the codecs of pictures make of one point, in bytes. */
const BYTES_OF_POINT: Readonly<Record<string, number>> = {
  DCTDecode: 3,
  JPXDecode: 4,
  CCITTFaxDecode: 1 / 8,
  JBIG2Decode: 1 / 8,
};

/** Null: it can be unpacked; else why not. */
export async function tooHeavy(pdf: Buffer): Promise<string | null> {
  let whole = 0;
  for (const stream of streamsOf(pdf)) {
    const size = pictureSize(stream) + (await unpackedSize(stream));
    if (size > LARGEST_STREAM) return `one of its streams would be more than ${megabytes(LARGEST_STREAM)} unpacked`;
    whole += size;
    if (whole > LARGEST_WHOLE) return `it would be more than ${megabytes(LARGEST_WHOLE)} unpacked`;
  }
  return null;
}

const megabytes = (bytes: number) => `${bytes / 1024 / 1024} MB`;

const pictureSize = ({ filters, pixels }: Stream): number => pixels * (BYTES_OF_POINT[filters.at(-1) ?? ''] ?? 0);

/** All that its filters make of it, one behind the other; no further than to what is too large. */
async function unpackedSize({ filters, packed }: Stream): Promise<number> {
  const small = filters.join() === 'FlateDecode' ? smallFlateSize(packed) : null;
  return small ?? countedSize(knownOf(filters), packed);
}

function knownOf(names: readonly string[]): Filter[] {
  const filters = names.map(filterNamed);
  const end = filters.indexOf(undefined);
  return filters.slice(0, end < 0 ? undefined : end).filter((filter) => filter !== undefined);
}

async function countedSize(filters: readonly Filter[], packed: Buffer): Promise<number> {
  let size = 0;
  async function* counted(pieces: Pieces): Pieces {
    for await (const piece of pieces) {
      size += piece.length;
      if (size > LARGEST_STREAM) return;
      yield piece;
    }
  }
  if (filters.length === 0) return 0;
  const unpacked = filters.reduce((pieces, filter) => counted(filter(pieces)), piecesOf(packed));
  for await (const _ of unpacked);
  return size;
}
