import { ClientError, type ErrorFacts } from '../http/errors.ts';
import type { Trouble } from './protocol.ts';

/** It answered, and not with what was asked for: its browser did not do its work, or it does not know our token. */
export class RendererTroubleError extends ClientError {
  override readonly name = 'RendererTroubleError';
  override readonly delivery = 'refused';
  /** In its own words. */
  readonly trouble: string;
  /** Its browser does not start: no page is drawn there, whichever it is. */
  readonly isWithoutBrowser: boolean;

  constructor({ trouble, isWithoutBrowser = false }: Trouble, facts: ErrorFacts) {
    super(trouble, facts);
    this.trouble = trouble;
    this.isWithoutBrowser = isWithoutBrowser;
  }
}
