/** What a file is: its first bytes say it, whatever its name says. */
import { FILE_REFUSALS } from '@lazada-sof/orders';

export type FileKind = 'text' | 'zip' | 'ole' | keyof typeof FOREIGN;

/** What people drop besides tables. */
export const FOREIGN = {
  pdf: FILE_REFUSALS.pdf,
  webPage: FILE_REFUSALS.webPage,
  xmlFile: FILE_REFUSALS.xmlFile,
  jsonFile: FILE_REFUSALS.jsonFile,
  document: FILE_REFUSALS.otherDocument,
  picture: FILE_REFUSALS.picture,
  packed: FILE_REFUSALS.packed,
} as const;

const MAGIC: readonly (readonly [kind: FileKind, bytes: string])[] = [
  ['zip', 'PK\x03\x04'],
  ['zip', 'PK\x05\x06'],
  ['ole', '\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1'],
  ['pdf', '%PDF-'],
  ['document', '{\\rtf'],
  ['packed', '\x1f\x8b'],
  ['packed', 'Rar!'],
  ['packed', '7z\xbc\xaf\x27\x1c'],
  ['packed', 'BZh'],
  ['packed', '\xfd7zXZ'],
  ['picture', '\x89PNG'],
  ['picture', '\xff\xd8\xff'],
  ['picture', 'GIF8'],
];

const TEXTS: readonly (readonly [kind: FileKind, pattern: RegExp])[] = [
  ['xmlFile', /^<\?xml(?![\s\S]{0,500}<html)/i],
  ['webPage', /^<(?:!doctype|!--|\?xml|[a-z][a-z0-9]*[\s>/])/i],
  ['jsonFile', /^(?:\{\s*["}]|\[\s*[[{"\]])/],
];

export function fileKind(head: Buffer): FileKind {
  const magic = MAGIC.find(([, bytes]) => head.subarray(0, bytes.length).equals(Buffer.from(bytes, 'latin1')));
  if (magic) return magic[0];
  const text = head
    .subarray(0, 1_024)
    .toString('utf8')
    .replace(/^[\s\ufeff]+/, '');
  return TEXTS.find(([, pattern]) => pattern.test(text))?.[0] ?? 'text';
}
