import { setTimeout as sleep } from 'node:timers/promises';
import { TargetUnreachableError, TooManyConnectionsError, TransferDroppedError } from './errors.ts';
import type { Connect, Session } from './session.ts';
import { within } from './within.ts';

export type ConnectLimits = {
  /** From the first packet to the end of the login. */
  readonly connectMs: number;
  /** After a failed connect or login the same error is the answer for so long: a wrong password must not become a lock-out. */
  readonly coolDownMs: number;
};

/** A server counts a connection for a moment after its end: so long it is given for that. */
const PAUSES_MS = [100, 300, 900];

/** Connects within its limits. `isAlone`: no other connection to this target is there, so a refusal holds for everybody. */
export function connecting(
  label: string,
  connect: Connect,
  limits: ConnectLimits,
  isAlone: () => boolean,
): (signal?: AbortSignal) => Promise<Session> {
  let refusal: { readonly error: unknown; readonly until: number } | undefined;

  async function connectOrRemember(signal?: AbortSignal): Promise<Session> {
    signal?.throwIfAborted();
    if (refusal && Date.now() < refusal.until) throw refusal.error;
    try {
      return await patiently(signal);
    } catch (error) {
      const isForAll = !(error instanceof TargetUnreachableError) || isAlone();
      if (isForAll && !signal?.aborted) refusal = { error, until: Date.now() + limits.coolDownMs };
      throw error;
    }
  }

  async function patiently(signal?: AbortSignal): Promise<Session> {
    for (const pauseMs of PAUSES_MS) {
      const connected = await once(signal).catch((error: unknown) => {
        if (error instanceof TooManyConnectionsError && isAlone()) return undefined;
        throw error;
      });
      if (connected) return connected;
      await sleep(pauseMs, undefined, signal && { signal });
    }
    return once(signal);
  }

  async function once(signal?: AbortSignal): Promise<Session> {
    const hangUp = new AbortController();
    const session = connect(hangUp.signal);
    try {
      return await within(session, { ms: limits.connectMs, signal, hangUp: () => hangUp.abort(), label });
    } catch (error) {
      // A connection that comes too late is nobody's.
      session.then((late) => late.drop()).catch(() => undefined);
      throw unreachable(error);
    }
  }

  return connectOrRemember;
}

/** Its words are those of a transfer, but nothing was transferred yet. */
const unreachable = (error: unknown): unknown =>
  error instanceof TransferDroppedError ? new TargetUnreachableError(error.message, error.code, error) : error;
