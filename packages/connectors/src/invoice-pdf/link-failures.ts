/** What became of a link that stands on an invoice, as a kind of failure: what is gone is refused, what may come back waits. */
import { AnswerTooLargeError, LinkNotAllowedError, NoDownloadError } from '@lazada-sof/clients';
import { asFailure, Failure } from '@lazada-sof/orders';
import { transportFailure } from '../calls/transport-failures.ts';

export type LinkWords = {
  /** `invoice behind a pointer`, for what may pass. */
  readonly what: string;
  /** The refusal, of a reason such as `the host evil.example, …`. */
  readonly refused: (reason: string, cause: unknown) => Failure;
};

export function linkFailure({ what, refused }: LinkWords, error: unknown): Failure {
  if (error instanceof LinkNotAllowedError)
    return refused(`${error.reason}; INVOICE_LINK_HOSTS says where it may`, error);
  if (error instanceof AnswerTooLargeError) return refused('a file too large to take', error);
  if (!(error instanceof NoDownloadError)) return transportFailure(what, error) ?? asFailure(error);
  const status = error.httpStatus ?? 0;
  if (!mayPass(status)) return refused(`a link that leads nowhere (${error.message})`, error);
  return new Failure('transient', `${what}: ${error.message}`, { code: `http_${status}`, cause: error });
}

const mayPass = (status: number): boolean => status >= 500 || [408, 425, 429].includes(status);
