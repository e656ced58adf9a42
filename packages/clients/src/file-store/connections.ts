import { FileStoreError, TargetUnreachableError, TransferDroppedError } from './errors.ts';
import { oneAtATime } from './one-at-a-time.ts';
import type { Connect, Session } from './session.ts';
import { slots } from './slots.ts';
import { within } from './within.ts';

export type ConnectionLimits = {
  /** So many connections at most, each used by one caller at a time. */
  readonly connections: number;
  /** From the first packet to the end of the login. */
  readonly connectMs: number;
  /** A whole put, read, list … */
  readonly operationMs: number;
  /** An unused connection is hung up after so long, before the server does it. */
  readonly idleMs: number;
  /** A connection unused for longer is asked whether it still lives. */
  readonly freshMs: number;
  /** After a failed connect or login the same error is the answer for so long: a wrong password must not become a lock-out. */
  readonly coolDownMs: number;
};

export type Connections = {
  use<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T>;
  close(): Promise<void>;
};

type Idle = { readonly session: Session; readonly since: number; readonly timer: NodeJS.Timeout };

/** Connections of one target: kept while they are good, reused last in first out, thrown away after any error. */
export function keepConnections(label: string, connect: Connect, limits: ConnectionLimits): Connections {
  const free = slots(limits.connections);
  const connecting = oneAtATime();
  const idle: Idle[] = [];
  let refusal: { readonly error: unknown; readonly until: number } | undefined;
  let closed = false;

  async function use<T>(work: (session: Session) => Promise<T>, signal?: AbortSignal): Promise<T> {
    await free.take(signal);
    try {
      if (closed) throw new FileStoreError(`${label} is closed`, 'closed');
      const session = (await reusable(signal)) ?? (await fresh(signal));
      const result = await within(work(session), {
        ms: limits.operationMs,
        signal,
        hangUp: () => session.drop(),
        label,
      });
      keep(session);
      return result;
    } finally {
      free.give();
    }
  }

  async function reusable(signal?: AbortSignal): Promise<Session | undefined> {
    for (let last = idle.pop(); last; last = idle.pop()) {
      clearTimeout(last.timer);
      const { session } = last;
      if (Date.now() - last.since < limits.freshMs || (await answers(session, signal))) return session;
      session.drop();
    }
    return undefined;
  }

  const answers = (session: Session, signal?: AbortSignal): Promise<boolean> =>
    within(session.alive(), { ms: limits.connectMs, signal, hangUp: () => session.drop(), label }).catch(() => false);

  /** One after the other: the second need not try a password that the first found wrong. */
  const fresh = (signal?: AbortSignal): Promise<Session> => connecting('', () => connectNow(signal));

  async function connectNow(signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    if (refusal && Date.now() < refusal.until) throw refusal.error;
    const hangUp = new AbortController();
    const session = connect(hangUp.signal);
    try {
      return await within(session, { ms: limits.connectMs, signal, hangUp: () => hangUp.abort(), label });
    } catch (error) {
      // A connection that comes too late is nobody's.
      session.then((late) => late.drop()).catch(() => undefined);
      const failure =
        error instanceof TransferDroppedError ? new TargetUnreachableError(error.message, error.code, error) : error;
      if (!signal?.aborted) refusal = { error: failure, until: Date.now() + limits.coolDownMs };
      throw failure;
    }
  }

  function keep(session: Session): void {
    if (closed) {
      session.drop();
      return;
    }
    const hangUp = setTimeout(() => {
      idle.splice(
        idle.findIndex((one) => one.session === session),
        1,
      );
      session.drop();
    }, limits.idleMs);
    idle.push({ session, since: Date.now(), timer: hangUp.unref() });
  }

  return {
    use,
    close: async () => {
      closed = true;
      for (const { session, timer } of idle.splice(0)) {
        clearTimeout(timer);
        session.drop();
      }
      await free.allGiven();
    },
  };
}
