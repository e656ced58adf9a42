/**
 * The state that all processes' limiters share, beside the queue. Each method is one round trip, and only the server's
 * clock counts.
 *
 * Per account: when its next slot is (evenly spaced, without bursts), until when it is paused, how many calls in a row
 * have failed, how often that has led to a pause, and until when one call is probing. Per app: until when it is paused.
 */
export interface Slots {
  /** Reserves the next slot where it comes within `atMostMs`, or asks whether the one that was reserved may be used now. */
  take(lane: Lane, wish: Wish): Promise<Taken>;
  /** Nobody takes a slot of this name for so long, or for longer where it is paused for longer. */
  pause(name: string, ms: number): Promise<void>;
  succeeded(name: string): Promise<void>;
  /** Answers for how long that led to a pause, one of these; 0: it did not. */
  failed(name: string, pausesMs: readonly number[]): Promise<number>;
  close(): Promise<void>;
}

export type Lane = { readonly account: string; readonly app: string | undefined };
export type Wish = {
  readonly intervalMs: number;
  readonly atMostMs: number /** The one that was reserved. */;
  readonly slot: number | null;
};

export type Taken =
  | { readonly say: 'go' }
  /** The slot comes in so long. It is reserved, unless that is longer than was wished; then ask again with it. */
  | { readonly say: 'wait'; readonly ms: number; readonly slot: number }
  /** Paused for so long, or another call is probing: ask again then. A slot that was reserved is gone. */
  | { readonly say: 'paused'; readonly ms: number };

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
