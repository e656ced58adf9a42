import { ClientError } from '../http/errors.ts';

/** The link leads where no link may lead; nothing was sent. */
export class LinkRefusedError extends ClientError {
  override readonly name = 'LinkRefusedError';
  override readonly delivery = 'never-left';
}

/** The host answered with something else than the file: an error, or another address, which is not followed. */
export class LinkAnswerError extends ClientError {
  override readonly name = 'LinkAnswerError';
  override readonly delivery = 'refused';
}
