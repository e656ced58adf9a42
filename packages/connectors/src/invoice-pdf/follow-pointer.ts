import { AnswerTooLargeError, type Downloads, LinkNotAllowedError, NoDownloadError } from '@lazada-sof/clients';
import { asFailure, Failure } from '@lazada-sof/orders';
import { transportFailure } from '../calls/transport-failures.ts';
import { unsupported } from './failures.ts';
import { isPdf } from './sniff.ts';

/** The PDF that a page points at. It is fetched at once, since such links end soon. */
export async function followPointer(downloads: Downloads, to: string, signal?: AbortSignal): Promise<Buffer> {
  const bytes = await downloads.fetch(to, signal).catch((error: unknown) => {
    throw pointerFailure(error);
  });
  if (isPdf(bytes)) return bytes;
  throw unsupported(`a page that points at ${bytes.length} bytes that are no PDF`);
}

function pointerFailure(error: unknown): Failure {
  if (error instanceof LinkNotAllowedError)
    return unsupported(`a page that points at ${error.reason}; INVOICE_LINK_HOSTS says where it may`, error);
  if (error instanceof AnswerTooLargeError) return unsupported('a page that points at a file too large to take', error);
  if (error instanceof NoDownloadError) return noDownload(error);
  return transportFailure('invoice behind a pointer', error) ?? asFailure(error);
}

const MAY_PASS = [408, 425, 429];

function noDownload(error: NoDownloadError): Failure {
  const status = error.httpStatus ?? 0;
  if (status < 500 && !MAY_PASS.includes(status)) return unsupported(`a page with a pointer: ${error.message}`, error);
  return new Failure('transient', `invoice behind a pointer: ${error.message}`, {
    code: `http_${status}`,
    cause: error,
  });
}
