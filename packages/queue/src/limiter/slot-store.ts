/**
 * The state that all processes' limiters share, beside the queue. Each method is one round trip, and only the server's
 * clock counts.
 *
 * Per account: when its next slot is (evenly spaced, without bursts), until when it is paused, how many calls in a row
 * have failed, how often that has led to a pause, and until when one call is probing. Per app: until when it is paused.
 */
export interface SlotStore {
  /** Reserves the next slot where it comes within `atMostMs`, or asks whether the one that was reserved may be used now. */
  take(keys: LimitKeys, reservation: Reservation): Promise<Taken>;
  /** Nobody takes a slot of this name for so long, or for longer where it is paused for longer. */
  pause(name: string, ms: number): Promise<void>;
  /** For how many milliseconds each of these is paused; 0: it is not. */
  pauses(names: readonly string[]): Promise<readonly number[]>;
  /** Forgets the failures. */
  succeeded(name: string): Promise<void>;
  /** Answers for how long that led to a pause, one of these; 0: it did not. */
  failed(name: string, pausesMs: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

/** The names under which a call is counted. */
export type LimitKeys = { readonly account: string; readonly app: string | undefined };
export type Reservation = {
  readonly intervalMs: number;
  /** Reserved only where it comes so soon. */
  readonly atMostMs: number;
  /** The one that was reserved before. */
  readonly slot: number | null;
};

export type Taken =
  /** `troubled`: failures are noted, or this call probes. */
  | { readonly kind: 'go'; readonly troubled: boolean }
  /** The slot comes in so long. It is reserved, unless that is later than was asked for; then ask again with it. */
  | { readonly kind: 'wait'; readonly ms: number; readonly slot: number }
  /** Paused for so long, or another call is probing: ask again then. A slot that was reserved is gone. */
  | { readonly kind: 'paused'; readonly ms: number };

/** Failed calls in a row that pause an account. */
export const FAILURES_IN_A_ROW = 10;
/** So long one call may probe before another does: longer than any call takes. */
export const PROBE_MS = 35_000;
/**
 * A slot is good for one interval, at least so long: whoever comes later, because its process or the way was busy, gets
 * another one, else several late ones would go at once.
 */
export const SLOT_LASTS_MS = 50;
/** Whoever is held up by a probe asks again so soon. */
export const ASK_AGAIN_MS = 500;
