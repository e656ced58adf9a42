import { FileRefused } from '@lazada-sof/orders';
import { invalid, Problem } from '../problem.ts';
import { TooSlow } from './pace.ts';

/** What stopped an upload, as its sender is told; undone it is already. */
export function uploadFailure(error: unknown): unknown {
  if (error instanceof FileRefused) return invalid({ field: 'file', detail: error.message });
  if (error instanceof TooSlow) return new Problem(408, TOO_SLOW, { headers: { connection: 'close' } });
  if (isHungUp(error)) return new Problem(400, 'The upload was broken off; nothing of it is kept. Send it again.');
  return error;
}

const TOO_SLOW =
  'The upload came more slowly than 64 KiB a second and was ended; nothing of it is kept. Send it again, or put the file into the watched folder.';

const isHungUp = (error: unknown): boolean =>
  error instanceof Error &&
  'code' in error &&
  ['ECONNRESET', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String(error.code));
