/**
 * What kind of failure something was. A client says what happened, a connector says what kind it is (this), the
 * queue's verdict says what to do. Nobody else decides about retries.
 */
export type FailureKind = 'transient' | 'rate-limited' | 'not-ready' | 'rejected' | 'misconfigured';

/** Which ladder of looks a `not-ready` follows; see `schedules.ts`. */
export type WaitSchedule = 'tracking' | 'invoice' | 'unknown-package' | 'target' | 'account';

export type FailureDetails = {
  /** The marketplace's own code (`700023`, `SellerCallLimit`), else `http_503`, `timeout`, `reset`, `login_refused` … */
  code: string;
  cause?: unknown;
  /** Only `rate-limited`: how long the outside asked us to stay away, in milliseconds. */
  waitMs?: number;
  /** Only `not-ready`: how it is looked at again. */
  schedule?: WaitSchedule;
  /** Only `misconfigured`: what the account becomes. */
  accountStatus?: 'auth_failed' | 'reauth_required';
  /** Only `misconfigured`: what is wrong stops nothing yet. It is told, and the account goes on. */
  stillWorks?: boolean;
};

/** The only error that handlers expect from a port. Its message names the thing and the fact, and never holds a secret. */
export class Failure extends Error {
  override readonly name = 'Failure';
  readonly kind: FailureKind;
  readonly code: string;
  readonly waitMs: number | undefined;
  readonly schedule: WaitSchedule | undefined;
  readonly accountStatus: 'auth_failed' | 'reauth_required' | undefined;
  readonly stillWorks: boolean;

  constructor(kind: FailureKind, message: string, details: FailureDetails) {
    const { code, cause, waitMs, schedule, accountStatus, stillWorks = false } = details;
    super(message, { cause });
    this.kind = kind;
    this.code = code;
    this.waitMs = waitMs;
    this.schedule = schedule;
    this.accountStatus = accountStatus;
    this.stillWorks = stillWorks;
  }
}

/** Whatever was thrown, as a Failure: what nobody foresaw is `transient` (it counts as a try, and ends blocked). */
export function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  const message = error instanceof Error ? error.message : String(error);
  return new Failure('transient', message, { code: 'unexpected', cause: error });
}
