import { expect, test } from '@jest/globals';
import { pictureType } from './picture-type.ts';

test.each([
  ['PNG', '\x89PNG\r\n\x1a\n…', 'image/png'],
  ['JPEG', '\xff\xd8\xff\xe0', 'image/jpeg'],
  ['GIF', 'GIF89a', 'image/gif'],
  ['WebP', 'RIFF\0\0\0\0WEBPVP8 ', 'image/webp'],
  ['AVIF', '\0\0\0 ftypavif', 'image/avif'],
  ['BMP', 'BM\0\0', 'image/bmp'],
  ['SVG', '<svg xmlns="http://www.w3.org/2000/svg"/>', 'image/svg+xml'],
  ['SVG as XML', '\xef\xbb\xbf<?xml version="1.0"?>\n<svg/>', 'image/svg+xml'],
])('%s is a picture', (_, bytes, mime) => {
  expect(pictureType(Buffer.from(bytes, 'latin1'))).toBe(mime);
});

test.each([
  ['nothing', ''],
  ['a web page', '<!doctype html><p><svg>'],
  ['a PDF', '%PDF-1.7'],
  ['other XML', '<?xml version="1.0"?><error/>'],
])('%s is none', (_, bytes) => {
  expect(pictureType(Buffer.from(bytes, 'latin1'))).toBeNull();
});
