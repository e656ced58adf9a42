import { ClientError, type ErrorFacts } from '../http/errors.ts';

/** The link leads where none may lead, by its form, its host or its address. Nothing was sent. */
export class LinkNotAllowedError extends Error {
  override readonly name = 'LinkNotAllowedError';
  readonly reason: string;

  constructor(reason: string) {
    super(`a link to ${reason}`);
    this.reason = reason;
  }
}

/** The host answered, and not with the document: a redirect, which is never followed, or an error. */
export class NoDownloadError extends ClientError {
  override readonly name = 'NoDownloadError';
  override readonly delivery = 'refused';

  constructor(status: number, facts: ErrorFacts) {
    const redirects = status >= 300 && status < 400;
    super(`answered ${status}${redirects ? ', a redirect, which is not followed' : ''}`, {
      ...facts,
      httpStatus: status,
    });
  }
}
