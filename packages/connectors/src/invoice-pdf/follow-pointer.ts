import type { Downloads } from '@lazada-sof/clients';
import { unsupported } from './failures.ts';
import { type LinkWords, linkFailure } from './link-failures.ts';
import { isPdf } from './sniff.ts';

const POINTER: LinkWords = {
  what: 'invoice behind a pointer',
  refused: (reason, cause) => unsupported(`a page that points at ${reason}`, cause),
};

/** The PDF that a page points at. It is fetched at once, since such links end soon. */
export async function followPointer(downloads: Downloads, to: string, signal?: AbortSignal): Promise<Buffer> {
  const bytes = await downloads.fetch(to, signal).catch((error: unknown) => {
    throw linkFailure(POINTER, error);
  });
  if (isPdf(bytes)) return bytes;
  throw unsupported(`a page that points at ${bytes.length} bytes that are no PDF`);
}
