/**
 * What a reader of PDFs does to unpack a stream, piece by piece: so that what it would become can be counted without ever
 * being held. A stream that is damaged ends where the damage is, as readers have it.
 */
import { pipeline } from 'node:stream/promises';
import { constants, createBrotliDecompress, createInflate, inflateSync } from 'node:zlib';
import { ascii85, asciiHex, type Decoder, lzw, runLength } from './decoders.ts';

export type Pieces = AsyncIterable<Buffer>;
export type Filter = (packed: Pieces) => Pieces;

/** By the names of ISO 32000-2, 7.4. */
const FILTERS: Readonly<Record<string, Filter>> = {
  FlateDecode: (packed) => byZlib(packed, createInflate),
  BrotliDecode: (packed) => byZlib(packed, createBrotliDecompress),
  LZWDecode: (packed) => decoded(packed, lzw()),
  RunLengthDecode: (packed) => decoded(packed, runLength()),
  ASCII85Decode: (packed) => decoded(packed, ascii85()),
  ASCIIHexDecode: (packed) => decoded(packed, asciiHex()),
};
/** Meant for pictures within a page's text, and taken by readers everywhere. */
const SHORT: Readonly<Record<string, string>> = {
  Fl: 'FlateDecode',
  LZW: 'LZWDecode',
  RL: 'RunLengthDecode',
  A85: 'ASCII85Decode',
  AHx: 'ASCIIHexDecode',
};

/** Undefined: a codec of pictures, a cipher, or a name that nobody knows; readers unpack nothing behind it. */
export const filterNamed = (name: string): Filter | undefined => FILTERS[SHORT[name] ?? name];

const PIECE = 64 * 1024;

/** The bytes to their end, since a stream's own word for its length may be a lie. */
export async function* piecesOf(bytes: Buffer): Pieces {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
}

/** How much it becomes, of a stream that is Flate alone and small; null: count it by pieces. Files hold thousands of these. */
export function smallFlateSize(packed: Buffer): number | null {
  const start = packed.subarray(0, PIECE);
  try {
    const limits = { finishFlush: constants.Z_SYNC_FLUSH, maxOutputLength: PIECE, info: true } as const;
    const { buffer, engine } = inflateSync(start, limits) as unknown as Inflated;
    return engine.bytesWritten < start.length ? buffer.length : null;
  } catch {
    return null;
  }
}

/** What Node answers where `info` is asked for, which its types do not know. */
type Inflated = { readonly buffer: Buffer; readonly engine: { readonly bytesWritten: number } };

async function* byZlib(packed: Pieces, open: typeof createInflate | typeof createBrotliDecompress): Pieces {
  const unpacked = open({ chunkSize: PIECE });
  // What is wrong with it ends the loop below.
  const feeding = pipeline(packed, unpacked).catch(() => undefined);
  try {
    yield* unpacked;
  } catch {
    return;
  } finally {
    unpacked.destroy();
    await feeding;
  }
}

async function* decoded(packed: Pieces, decode: Decoder): Pieces {
  for await (const piece of packed) {
    const texts = decode(piece);
    let next = texts.next();
    while (!next.done) {
      const gathered: Buffer[] = [];
      for (let size = 0; !next.done && size < PIECE; next = texts.next()) {
        gathered.push(next.value);
        size += next.value.length;
      }
      yield Buffer.concat(gathered);
    }
    if (next.value === 'end') return;
  }
}
