/** Small PDFs that are gigabytes once somebody unpacks them. */
import { deflateSync } from 'node:zlib';
import { packedZeros, repeatedLzwText } from './packed.ts';
import { pdfWith, pdfWithTableInStream } from './pdfs.ts';

const GIGABYTE = 1024 ** 3;
const FLATE = '/Filter/FlateDecode';
const PICTURE = '/Type/XObject/Subtype/Image/ColorSpace/DeviceRGB/BitsPerComponent 8/Width 60000/Height 60000';

const shown = (says: string, bytes: Buffer): Buffer => pdfWith([{ says, bytes }]);

const picture = (says: string, bytes: Buffer): Buffer =>
  pdfWith(
    [
      { says: '', bytes: Buffer.from('100 0 0 100 0 0 cm /P Do') },
      { says: `${PICTURE}${says}`, bytes },
    ],
    {
      page: '/Contents 4 0 R/Resources<</XObject<</P 5 0 R>>>>',
    },
  );

/** By what they are; each is refused for what it would become. */
export const BOMBS = {
  'a page that unpacks to gigabytes': () => shown(FLATE, packedZeros(4 * GIGABYTE)),
  'a page that is packed twice': () =>
    shown('/Filter[/FlateDecode/FlateDecode]', deflateSync(packedZeros(4 * GIGABYTE))),
  'a page whose packing hides behind digits, and its name behind numbers': () =>
    shown('/Filter[/AHx/Fl#61teDecode]', Buffer.from(`${packedZeros(GIGABYTE).toString('hex')}>`)),
  'a page whose packing is said elsewhere': () =>
    pdfWith([{ says: '/Filter 5 0 R', bytes: packedZeros(GIGABYTE) }], { objects: '5 0 obj[/FlateDecode]endobj' }),
  'pages that unpack to gigabytes together': () =>
    pdfWith(Array(20).fill({ says: FLATE, bytes: packedZeros(GIGABYTE / 8) })),
  'a page of one text over and over': () => shown('/Filter/LZWDecode', repeatedLzwText(500_000)),
  'a page of runs': () => shown('/Filter/RunLengthDecode', Buffer.alloc(4_500_000, '8100', 'hex')),
  'a picture that unpacks to gigabytes': () => picture(FLATE, packedZeros(4 * GIGABYTE)),
  'a picture of billions of points': () => picture('/Filter/DCTDecode', Buffer.from('ffd8ffd9', 'hex')),
  'objects in a stream that unpacks to gigabytes': () => pdfWithTableInStream({ objectZeros: 4 * GIGABYTE }),
  'a table of objects that unpacks to gigabytes': () => pdfWithTableInStream({ tableZeros: 4 * GIGABYTE }),
} satisfies Readonly<Record<string, () => Buffer>>;
