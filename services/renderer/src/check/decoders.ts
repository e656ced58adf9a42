/** The filters of PDFs that zlib does not know. Each keeps what it needs from one piece to the next. */

/** Of one piece what it says, in parts; `end` where the stream says that it is over, or says what makes no sense. */
export type Decoder = (piece: Buffer) => Generator<Buffer, 'end' | 'more'>;

const CLEAR = 256;
const END = 257;
const FIRST_FREE = 258;
const LONGEST_CODE = 12;
const MOST_TEXTS = 2 ** LONGEST_CODE - FIRST_FREE;

/** Codes of 9 to 12 bits: a byte, or one of the texts so far, each of which is the text before and one byte more. */
export function lzw(): Decoder {
  let texts: Buffer[] = [];
  let before: Buffer | undefined;
  let bits = 0;
  let held = 0;

  function textOf(code: number): Buffer | undefined {
    if (code < CLEAR) return Buffer.of(code);
    // A code may name the text that it is about to make.
    return texts[code - FIRST_FREE] ?? (before && Buffer.concat([before, before.subarray(0, 1)]));
  }

  return function* decode(piece) {
    for (const byte of piece) {
      bits = ((bits << 8) | byte) & 0xffffff;
      held += 8;
      // One code early, as all writers do.
      const width = Math.min(LONGEST_CODE, 32 - Math.clz32(texts.length + FIRST_FREE + 1));
      if (held < width) continue;
      held -= width;
      const code = (bits >> held) & (2 ** width - 1);
      if (code === END) return 'end';
      const text = code === CLEAR ? undefined : textOf(code);
      if (code === CLEAR) texts = [];
      else if (text === undefined) return 'end';
      else yield text;
      if (before && text && texts.length < MOST_TEXTS) texts.push(Buffer.concat([before, text.subarray(0, 1)]));
      before = text;
    }
    return 'more';
  };
}

/** A length, and behind it so many bytes as they are, or one that is repeated. */
export function runLength(): Decoder {
  let copying = 0;
  let repeating = 0;
  return function* decode(piece) {
    for (let at = 0; at < piece.length; ) {
      if (copying > 0) {
        const copied = piece.subarray(at, at + copying);
        yield copied;
        copying -= copied.length;
        at += copied.length;
        continue;
      }
      const byte = piece[at] ?? 0;
      at += 1;
      if (repeating > 0) yield Buffer.alloc(repeating, byte);
      else if (byte === 128) return 'end';
      copying = repeating === 0 && byte < 128 ? byte + 1 : 0;
      repeating = repeating === 0 && byte > 128 ? 257 - byte : 0;
    }
    return 'more';
  };
}

/** Five digits from `!` to `u` are four bytes, `z` is four zeros; of a last group of n digits n - 1 bytes count. */
export function ascii85(): Decoder {
  let value = 0;
  let digits = 0;
  return function* decode(piece) {
    const bytes = Buffer.alloc(piece.length * 4 + 4);
    let size = 0;
    for (const letter of piece) {
      if (letter === TILDE) {
        const left = digits;
        for (; digits > 1 && digits < 5; digits += 1) value = value * 85 + 84;
        if (left > 1) bytes.writeUInt32BE(value % 2 ** 32, size);
        yield bytes.subarray(0, size + Math.max(0, left - 1));
        return 'end';
      }
      if (letter === Z && digits === 0) size += 4;
      if (letter < BANG || letter > U) continue;
      value = value * 85 + letter - BANG;
      digits += 1;
      if (digits < 5) continue;
      size = bytes.writeUInt32BE(value % 2 ** 32, size);
      value = 0;
      digits = 0;
    }
    yield bytes.subarray(0, size);
    return 'more';
  };
}

const [TILDE, Z, BANG, U] = [...Buffer.from('~z!u')] as [number, number, number, number];

export function asciiHex(): Decoder {
  let odd = '';
  return function* decode(piece) {
    const [written = '', end] = piece.toString('latin1').split('>', 2);
    const digits = odd + written.replaceAll(/[^0-9a-fA-F]/g, '');
    // A last digit alone stands for itself and a zero.
    const whole = end === undefined ? digits.slice(0, digits.length - (digits.length % 2)) : `${digits}0`;
    odd = digits.slice(whole.length);
    yield Buffer.from(whole, 'hex');
    return end === undefined ? 'more' : 'end';
  };
}
