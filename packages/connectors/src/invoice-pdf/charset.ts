/**
 * Web pages as text, by the order of precedence that browsers keep: byte order mark, declared type, `<meta>` within the
 * first 1,024 bytes (https://html.spec.whatwg.org/#determining-the-character-encoding). Where nothing is said: UTF-8.
 */

/** The type under which a page is kept: a charset that only its answer's header named is not lost. */
export function htmlType(declaredMime: string): string {
  const charset = declaredCharset(declaredMime);
  return charset === null ? 'text/html' : `text/html; charset=${charset}`;
}

const MARKS: readonly (readonly [bytes: readonly number[], charset: string])[] = [
  [[0xef, 0xbb, 0xbf], 'utf-8'],
  [[0xfe, 0xff], 'utf-16be'],
  [[0xff, 0xfe], 'utf-16le'],
];

/** A charset that nobody knows counts as not said; bytes that mean nothing in it become U+FFFD. */
export function decodeHtml(bytes: Buffer, declaredMime: string): string {
  return new TextDecoder(charsetOf(bytes, declaredMime)).decode(bytes);
}

function charsetOf(bytes: Buffer, declaredMime: string): string {
  const mark = MARKS.find(([start]) => start.every((byte, at) => bytes[at] === byte));
  return mark?.[1] ?? declaredCharset(declaredMime) ?? metaCharset(bytes) ?? 'utf-8';
}

const declaredCharset = (mime: string): string | null => known(/;\s*charset\s*=\s*["']?([\w.:-]+)/i.exec(mime)?.[1]);

function metaCharset(bytes: Buffer): string | null {
  const start = bytes
    .subarray(0, 1024)
    .toString('latin1')
    .replaceAll(/<!--.*?-->/gs, '');
  const said = known(/<meta\b[^>]*?\bcharset\s*=\s*["']?([\w.:-]+)/i.exec(start)?.[1]);
  // A page whose own ASCII says that it is UTF-16 cannot be: browsers take it for UTF-8.
  return said?.startsWith('utf-16') ? 'utf-8' : said;
}

function known(charset: string | undefined): string | null {
  try {
    return charset === undefined ? null : new TextDecoder(charset).encoding;
  } catch {
    return null;
  }
}
