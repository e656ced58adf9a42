import pLimit from 'p-limit';
import { type ConnectLimits, connecting } from './connecting.ts';
import { FileStoreError, TargetUnreachableError, TransferDroppedError } from './errors.ts';
import { idleSessions } from './idle-sessions.ts';
import { openPlaces } from './places.ts';
import type { Connect, Session } from './session.ts';
import { within } from './within.ts';

export type ConnectionLimits = ConnectLimits & {
  /** So many connections at most, each used by one caller at a time. */
  readonly connections: number;
  /** A whole put, read, list … */
  readonly operationMs: number;
  /** An unused connection is hung up after so long, before the server does it. */
  readonly idleMs: number;
  /** A connection unused for longer is asked whether it still lives. */
  readonly freshMs: number;
  /** Where the server let in some of us and refused one more, so long until one more is tried again. */
  readonly refusedMs: number;
};

export type Connections = {
  /** Runs the work on a connection. It is run again, on another, where the one that was kept turns out to be dead. */
  use<T>(work: Work<T>, signal?: AbortSignal, how?: How): Promise<T>;
  close(): Promise<void>;
};

/** Long work has no limit of time as a whole: it sees to its own. */
type How = { readonly isLong?: boolean };
type Work<T> = (session: Session) => Promise<T>;
type Done<T> = { readonly result: T };

/**
 * Connections of one target: kept while they are good, reused last in first out, thrown away after any error. Where the
 * server lets in fewer than there may be, those that it lets in are shared: who is refused waits for one of them.
 */
export function keepConnections(label: string, connect: Connect, limits: ConnectionLimits): Connections {
  const places = openPlaces(limits.connections, limits.refusedMs);
  const live = new Set<Session>();
  const oneByOne = pLimit(1);
  const connectNow = connecting(label, connect, limits, () => live.size === 0);
  const idle = idleSessions(limits.idleMs, drop);
  let closed = false;

  async function use<T>(work: Work<T>, signal?: AbortSignal, how: How = {}): Promise<T> {
    signal?.throwIfAborted();
    places.grow();
    for (;;) {
      const outcome = await places.take(() => attempt(work, signal, how), signal);
      if (outcome !== 'refused') return outcome.result;
    }
  }

  async function attempt<T>(work: Work<T>, signal: AbortSignal | undefined, how: How): Promise<Done<T> | 'refused'> {
    signal?.throwIfAborted();
    if (closed) throw new FileStoreError(`${label} is closed`, 'closed');
    for (let kept = await reusable(signal); kept; kept = await reusable(signal)) {
      const outcome = await runOnKept(kept, work, signal, how);
      if (outcome !== 'hung up') return outcome;
    }
    const session = await fresh(signal);
    return session === 'refused' ? session : run(session, work, signal, how);
  }

  async function runOnKept<T>(
    session: Session,
    work: Work<T>,
    signal: AbortSignal | undefined,
    how: How,
  ): Promise<Done<T> | 'hung up'> {
    const before = session.answers();
    try {
      return await run(session, work, signal, how);
    } catch (error) {
      if (wasHungUp(error) && session.answers() === before) return 'hung up';
      throw error;
    }
  }

  async function run<T>(
    session: Session,
    work: Work<T>,
    signal: AbortSignal | undefined,
    { isLong }: How,
  ): Promise<Done<T>> {
    const hangUp = () => drop(session);
    const ms = isLong ? Number.POSITIVE_INFINITY : limits.operationMs;
    const result = await within(work(session), { ms, signal, hangUp, label });
    if (closed) drop(session);
    else idle.keep(session);
    return { result };
  }

  async function reusable(signal?: AbortSignal): Promise<Session | undefined> {
    for (let last = idle.take(); last; last = idle.take()) {
      const { session, restedMs } = last;
      if (session.isOpen() && (restedMs < limits.freshMs || (await answers(session, signal)))) return session;
      drop(session);
    }
    return undefined;
  }

  const answers = (session: Session, signal?: AbortSignal): Promise<boolean> =>
    within(session.alive(), { ms: limits.connectMs, signal, hangUp: () => drop(session), label }).catch(() => false);

  /** One after the other: the second need not try a password that the first found wrong. */
  const fresh = (signal?: AbortSignal): Promise<Session | 'refused'> =>
    oneByOne(async () => {
      if (places.crowded()) return 'refused';
      try {
        const session = await connectNow(signal);
        live.add(session);
        return session;
      } catch (error) {
        // A server that some of us are connected to is not away: it lets in no more.
        if (!(error instanceof TargetUnreachableError) || live.size === 0) throw error;
        places.shrink(live.size);
        return 'refused';
      }
    });

  function drop(session: Session): void {
    live.delete(session);
    session.drop();
  }

  return {
    use,
    close: async () => {
      closed = true;
      idle.dropAll();
      await places.empty();
    },
  };
}

const wasHungUp = (error: unknown): boolean => error instanceof TransferDroppedError && error.code !== 'timeout';
