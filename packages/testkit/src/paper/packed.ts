/** Bytes as the filters of PDFs have them, of what nobody could hold unpacked. */
import { constants, deflateSync } from 'node:zlib';

const PART = 64 * 1024 * 1024;

/** Zlib's stream of a text and so many zeros behind it. Its check sum is wrong, which readers of PDFs do not mind. */
export function packedZeros(zeros: number, text: Buffer | string = ''): Buffer {
  const part = (bytes: Buffer | string) => deflateSync(bytes, { level: 9, finishFlush: constants.Z_FULL_FLUSH });
  const withoutHead = part(Buffer.alloc(Math.min(zeros, PART))).subarray(2);
  const end = deflateSync('').subarray(2, 4);
  return Buffer.concat([part(text), ...Array<Buffer>(Math.ceil(zeros / PART)).fill(withoutHead), end, Buffer.alloc(4)]);
}

/** LZW's longest text, of 3,839 zeros, again and again: its code is twelve bits of 1. */
export function repeatedLzwText(bytes: number): Buffer {
  const codes = [256, 0, ...Array.from({ length: 4096 - 258 }, (_, at) => 258 + at)];
  const width = (code: number) => Math.max(9, Math.min(12, 32 - Math.clz32(code + 1)));
  const bits = codes.map((code) => code.toString(2).padStart(width(code), '0')).join('');
  const learned = (bits.match(/.{1,8}/g) ?? []).map((byte) => Number.parseInt(byte.padEnd(8, '1'), 2));
  return Buffer.concat([Buffer.from(learned), Buffer.alloc(bytes, 0xff)]);
}
