/** How a job may end other than well. Handlers throw these; anything else that they throw is a mistake of ours. */

type Ending = {
  /** Names the thing and the fact, without secrets: people read it in the dashboard. */
  reason: string;
  /** What led to it; a `Failure` gives the log and the metric its code. */
  cause?: unknown;
};

/** The same job again after `delayMs`. Uses up one of its attempts. */
export class RetryJob extends Error {
  override readonly name = 'RetryJob';
  readonly delayMs: number;

  constructor({ reason, cause, delayMs }: Ending & { delayMs: number }) {
    super(reason, { cause });
    this.delayMs = delayMs;
  }
}

/** Looked at again after `delayMs`: no failure, no attempt used up. For waits up to a minute; longer ones live in rows. */
export class SnoozeJob extends Error {
  override readonly name = 'SnoozeJob';
  readonly delayMs: number;

  constructor({ reason, cause, delayMs }: Ending & { delayMs: number }) {
    super(reason, { cause });
    this.delayMs = delayMs;
  }
}

/** Given up: the job stays visible as failed, and a person's retry of it means `force`. `reason` begins `account/orderNumber: `. */
export class FailJob extends Error {
  override readonly name = 'FailJob';

  constructor({ reason, cause }: Ending) {
    super(reason, { cause });
  }
}

/** A mistake of ours or of a server that we rest on, in a job that knows by then what it is about: named like the others. */
export class BrokenJob extends Error {
  override readonly name = 'BrokenJob';

  constructor({ about, cause }: { about: string; cause: unknown }) {
    super(`${about}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
