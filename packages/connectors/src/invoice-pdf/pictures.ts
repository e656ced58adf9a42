/**
 * Pictures that a page names by their addresses: a QR code or barcode, without which a tax invoice is none. They are fetched
 * like the document behind a pointer, from the same hosts, and no page is printed without one that can be seen on it.
 */
import type { Downloads, PageToDraw } from '@lazada-sof/clients';
import pLimit from 'p-limit';
import { renderFailed } from './failures.ts';
import { linkFailure } from './link-failures.ts';
import { pictureType } from './picture-type.ts';

export type Pictures = PageToDraw['pictures'];

export const LARGEST_PICTURE = 8 * 1024 * 1024;
const MOST_PICTURES = 100;
const MOST_TOGETHER = 16 * 1024 * 1024;
const AT_ONCE = 4;

/** @throws Failure that names the address: `render_failed` where there will never be a picture, else a passing one */
export async function fetchPictures(
  downloads: Downloads,
  addresses: readonly string[],
  signal?: AbortSignal,
): Promise<Pictures> {
  if (addresses.length > MOST_PICTURES)
    throw renderFailed(`a page of ${addresses.length} pictures, at most ${MOST_PICTURES} are fetched`);
  const atOnce = pLimit(AT_ONCE);
  let together = 0;
  const fetched = await Promise.all(
    addresses.map((address) =>
      atOnce(async () => {
        const bytes = await fetchPicture(downloads, address, signal);
        together += bytes.length;
        if (together > MOST_TOGETHER) throw renderFailed(`pictures of more than ${MOST_TOGETHER} bytes together`);
        return [address, { mime: mimeOf(address, bytes), base64: bytes.toString('base64') }] as const;
      }),
    ),
  );
  return Object.fromEntries(fetched);
}

async function fetchPicture(downloads: Downloads, address: string, signal?: AbortSignal): Promise<Buffer> {
  const what = `picture at ${named(address)}`;
  return downloads.fetch(address, signal).catch((error: unknown) => {
    const refused = (reason: string, cause: unknown) => renderFailed(`a ${what}: ${reason}`, cause);
    throw linkFailure({ what: `invoice, ${what}`, refused }, error);
  });
}

function mimeOf(address: string, bytes: Buffer): string {
  const type = pictureType(bytes);
  if (type === null) throw renderFailed(`a picture at ${named(address)}: ${bytes.length} bytes that are no picture`);
  return type;
}

/** Without its query, which may hold what opens it. */
function named(address: string): string {
  const url = URL.parse(address);
  return url && url.origin !== 'null'
    ? `${url.origin}${url.pathname}`
    : (address.split(/[?#]/, 1)[0] ?? '').slice(0, 200);
}
