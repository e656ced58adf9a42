/** What a picture is, by its first bytes: what it is declared as is often wrong. */

const BY_START: readonly (readonly [mime: string, at: number, start: string])[] = [
  ['image/png', 0, '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', 0, '\xff\xd8\xff'],
  ['image/gif', 0, 'GIF8'],
  ['image/webp', 8, 'WEBP'],
  ['image/avif', 4, 'ftypavif'],
  ['image/bmp', 0, 'BM'],
];

/** Null: none that a page can show. */
export function pictureType(bytes: Buffer): string | null {
  const start = bytes.subarray(0, 1024).toString('latin1');
  const found = BY_START.find(([, at, text]) => start.startsWith(text, at));
  if (found) return found[0];
  return /^(?:\xef\xbb\xbf)?\s*<(?:svg|\?xml|!doctype svg|!--)/i.test(start) && /<svg\b/i.test(start)
    ? 'image/svg+xml'
    : null;
}
