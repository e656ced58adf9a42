import { describe, expect, test } from '@jest/globals';
import { ascii85, asciiHex, type Decoder, lzw, runLength } from './decoders.ts';

/** In pieces of one byte, where whatever is not kept from one to the next shows. */
function decoded(decode: Decoder, bytes: Buffer, pieceSize = 1): Buffer {
  const texts: Buffer[] = [];
  for (let at = 0; at < bytes.length; at += pieceSize) {
    const parts = decode(bytes.subarray(at, at + pieceSize));
    let next = parts.next();
    for (; !next.done; next = parts.next()) texts.push(next.value);
    if (next.value === 'end') break;
  }
  return Buffer.concat(texts);
}

const hex = (text: string) => Buffer.from(text.replaceAll(' ', ''), 'hex');

test.each([1, 3, 1_000])('the example of the standard for LZW is unpacked, in pieces of %s', (size) => {
  expect(decoded(lzw(), hex('80 0B 60 50 22 0C 0C 85 01'), size)).toEqual(hex('2D 2D 2D 2D 2D 41 2D 2D 2D 42'));
});

test('LZW goes from 9 bits to 12 and begins anew, without losing its place', () => {
  const bytes = Buffer.from(Array.from({ length: 50_000 }, (_, at) => (at * at) % 251));
  expect(decoded(lzw(), lzwPacked(bytes), 1_000).equals(bytes)).toBe(true);
});

test('LZW that names a text which is not there yet is over', () => {
  expect(decoded(lzw(), hex('80 7F FF'))).toEqual(Buffer.alloc(0));
});

describe('run lengths', () => {
  test.each([
    ['bytes as they are', '02 41 42 43 80', '41 42 43'],
    ['one byte repeated', 'FE 41 80', '41 41 41'],
    ['both, and nothing behind the end', '00 41 FF 42 80 00 43', '41 42 42'],
    ['no end', '01 41 42', '41 42'],
  ])('%s', (_, packed, unpacked) => {
    expect(decoded(runLength(), hex(packed))).toEqual(hex(unpacked));
    expect(decoded(runLength(), hex(packed), 100)).toEqual(hex(unpacked));
  });
});

describe('base 85', () => {
  test.each([
    ['whole groups and a part of one', '87cURD]j6~>', 'Hello w'],
    ['zeros in short', '87cURz87cUR~>', 'Hell\0\0\0\0Hell'],
    ['white space between', '87c\nURD ]j6 ~ >', 'Hello w'],
  ])('%s', (_, packed, unpacked) => {
    expect(decoded(ascii85(), Buffer.from(packed)).toString()).toBe(unpacked);
    expect(decoded(ascii85(), Buffer.from(packed), 100).toString()).toBe(unpacked);
  });
});

describe('hexadecimal', () => {
  test.each([
    ['digits of either case', '4a4B>', 'JK'],
    ['white space between', '4 1\n42>', 'AB'],
    ['an odd digit at the end', '417>', 'Ap'],
    ['nothing behind the end', '41>42', 'A'],
  ])('%s', (_, packed, unpacked) => {
    expect(decoded(asciiHex(), Buffer.from(packed)).toString()).toBe(unpacked);
    expect(decoded(asciiHex(), Buffer.from(packed), 100).toString()).toBe(unpacked);
  });
});

/** The packing side, which only this test needs. */
function lzwPacked(bytes: Buffer): Buffer {
  let bits = '';
  let codes = new Map<string, number>();
  const put = (code: number, width: number) => {
    bits += code.toString(2).padStart(width, '0');
  };
  const widthNow = () => Math.min(12, 32 - Math.clz32(codes.size + 258));
  put(256, 9);
  let text = '';
  for (const byte of bytes) {
    const longer = `${text}${String.fromCharCode(byte)}`;
    if (longer.length === 1 || codes.has(longer)) {
      text = longer;
      continue;
    }
    put(text.length === 1 ? text.charCodeAt(0) : (codes.get(text) ?? 0), widthNow());
    codes.set(longer, codes.size + 258);
    text = longer.slice(-1);
    if (codes.size < 3_800) continue;
    put(256, widthNow());
    codes = new Map();
  }
  put(text.length === 1 ? text.charCodeAt(0) : (codes.get(text) ?? 0), widthNow());
  put(257, widthNow());
  return Buffer.from(bits.match(/.{1,8}/g)?.map((byte) => Number.parseInt(byte.padEnd(8, '0'), 2)) ?? []);
}
