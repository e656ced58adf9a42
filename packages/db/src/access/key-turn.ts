/**
 * Whose turn it is with an idempotency key. An answer that had an effect is kept for a day; a refusal had none, so it frees
 * its key for whoever comes later, and is the answer only to those who waited for it. Who holds a key and does not answer in
 * time has died: the next goes on in its place, under the same request, so that the effect stays one.
 */

/** A key as it is stored. */
export type KeyRow = {
  readonly requestSha256: Uint8Array;
  /** Of whoever took it last. */
  readonly holder: string | null;
  /** Null: nobody is at it. */
  readonly heldUntil: Date | null;
  /** Null: it is not answered yet. */
  readonly status: number | null;
  readonly createdAt: Date;
};

export type Asked = {
  readonly requestSha256: Uint8Array;
  /** The holder whose answer this request has been waiting for. */
  readonly waitedFor: string | null;
  readonly now: Date;
};

export type KeyTurn =
  /** What is stored is the answer. */
  | 'answered'
  /** Somebody is at it. */
  | 'wait'
  /** The same request goes on: what it may have done already is found again. */
  | 'go-on'
  /** As if the key had never been used. */
  | 'begin'
  /** The key is another request's. */
  | 'taken';

/** An answer is kept for so long. */
export const KEPT_MS = 24 * 60 * 60_000;

export function keyTurn(row: KeyRow, { requestSha256, waitedFor, now }: Asked): KeyTurn {
  const isSame = Buffer.compare(row.requestSha256, requestSha256) === 0;
  const isHeld = row.heldUntil !== null && row.heldUntil > now;
  if (!isHeld && now.getTime() - row.createdAt.getTime() >= KEPT_MS) return 'begin';
  if (row.status === null) {
    if (!isSame) return 'taken';
    return isHeld ? 'wait' : 'go-on';
  }
  if (row.status < 400) return isSame ? 'answered' : 'taken';
  if (!isSame) return 'begin';
  return waitedFor !== null && waitedFor === row.holder ? 'answered' : 'go-on';
}
