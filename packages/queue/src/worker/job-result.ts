/** How a handler says that its job is over. Whatever it throws instead is a mistake, of ours or of a server that we rest on. */
export type JobResult =
  | 'done'
  /** The rows owed nothing any more. */
  | 'superseded'
  /** Done, with an answer for whoever asked; keep it small. */
  | { readonly outcome: 'done'; readonly answer: Readonly<Record<string, unknown>> }
  | JobEnding;

/** An end that is not good, or not yet. */
export type JobEnding =
  /** The same job again after `delayMs`. Uses up one of its attempts. */
  | (Why & { readonly outcome: 'retried'; readonly delayMs: number })
  /** Looked at again after `delayMs`: no failure, no attempt used up. For waits up to a minute; longer ones live in rows. */
  | (Why & { readonly outcome: 'snoozed'; readonly delayMs: number })
  /** Given up: the job stays visible as failed, and a person's retry of it means `force`. */
  | (Why & { readonly outcome: 'failed' });

type Why = {
  /** Names the thing and the fact, without secrets: people read it in the dashboard. Of an order it begins `account/orderNumber: `. */
  readonly reason: string;
  /** What led to it; a `Failure` gives the log and the metric its code. */
  readonly cause?: unknown;
};

/** A mistake in a job that knows by then what it is about: named like the others. */
export class BrokenJob extends Error {
  override readonly name = 'BrokenJob';

  constructor({ about, cause }: { about: string; cause: unknown }) {
    super(`${about}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}
