/** Requests that name themselves: one effect each, over all processes. `key-turn.ts` has the rule, here is the writing. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { KEPT_MS, type KeyRow, keyTurn } from './key-turn.ts';

/** Of whom, and under which name. */
export type NamedRequest = {
  /** Names are each client's own. */
  readonly client: string;
  readonly key: string;
  /** Of what is asked: another body or path is another request. */
  readonly requestSha256: Uint8Array;
};

/** A key in hand, until it is answered or given back. */
export type HeldKey = Pick<NamedRequest, 'client' | 'key'> & {
  readonly holder: string;
  /** Under which its effect is to be written, so that it is found again: the same after a crash. */
  readonly requestId: string;
};
export type KeptAnswer = { readonly status: number; readonly answer: unknown };

export type KeyAnswer =
  | { readonly is: 'held'; readonly held: HeldKey }
  /** `holder`: for the next time this is asked. */
  | { readonly is: 'wait'; readonly holder: string | null }
  | ({ readonly is: 'answered' } & KeptAnswer)
  /** The key is that of another request. */
  | { readonly is: 'taken' };

export interface IdempotencyKeys {
  /** `waitedFor`: the holder that the answer before named. */
  take(request: NamedRequest, waitedFor: string | null): Promise<KeyAnswer>;
  /** Nothing happens where somebody else took the key over meanwhile. */
  answer(held: HeldKey, answer: KeptAnswer): Promise<void>;
  /** It is not known what became of it: whoever comes next goes on at once. */
  giveBack(held: HeldKey): Promise<void>;
  /** Those whose day is over, in small pieces; answers how many there were. */
  forgetOld(): Promise<number>;
}

/** Whoever does not answer for so long has died. No more than a repetition that finds its effect done if it has not. */
export const HELD_MS = 10_000;
const PIECE = 500;

const UNTIL = `clock_timestamp() + interval '${HELD_MS} ms'`;
const FIND = `
  select request_sha256 as "requestSha256", request_id::text as "requestId", holder::text as holder,
         held_until as "heldUntil", status, answer, created_at as "createdAt", clock_timestamp() as now
    from public.idempotency_key where client = $1 and key = $2`;
const BEGIN = `
  insert into public.idempotency_key (client, key, request_sha256, request_id, holder, held_until)
  values ($1, $2, $3, $4, $5, ${UNTIL}) on conflict do nothing`;
/** Only what is still as it was read. Its day begins anew, so that what is done late is kept as long. */
const TAKE_OVER = `
  update public.idempotency_key
     set request_sha256 = $3, request_id = $4, holder = $5, held_until = ${UNTIL}, status = null, answer = null,
         created_at = now()
   where client = $1 and key = $2 and holder is not distinct from $6 and status is not distinct from $7`;
const ANSWER = `
  update public.idempotency_key set status = $4, answer = $5, held_until = null
   where client = $1 and key = $2 and holder = $3 and status is null`;
const GIVE_BACK = `
  update public.idempotency_key set held_until = null
   where client = $1 and key = $2 and holder = $3 and status is null`;
const FORGET = `
  delete from public.idempotency_key where (client, key) in (
    select client, key from public.idempotency_key
     where created_at <= now() - interval '${KEPT_MS} ms' and (held_until is null or held_until <= now())
     order by created_at limit ${PIECE} for update skip locked)`;

type Found = KeyRow & { readonly requestId: string; readonly answer: unknown; readonly now: Date };

export function openIdempotencyKeys(pool: pg.Pool): IdempotencyKeys {
  const find = async ({ client, key }: NamedRequest) => (await pool.query<Found>(FIND, [client, key])).rows[0];
  const write = async (text: string, values: unknown[]) => ((await pool.query(text, values)).rowCount ?? 0) > 0;

  /** Undefined: somebody else was quicker. */
  async function begin({ client, key, requestSha256 }: NamedRequest): Promise<HeldKey | undefined> {
    const held = { client, key, holder: randomUUID(), requestId: randomUUID() };
    const isMine = await write(BEGIN, [client, key, requestSha256, held.requestId, held.holder]);
    return isMine ? held : undefined;
  }

  async function takeOver(request: NamedRequest, row: Found, isNew: boolean): Promise<HeldKey | undefined> {
    const { client, key, requestSha256 } = request;
    const held = { client, key, holder: randomUUID(), requestId: isNew ? randomUUID() : row.requestId };
    const values = [client, key, requestSha256, held.requestId, held.holder, row.holder, row.status];
    return (await write(TAKE_OVER, values)) ? held : undefined;
  }

  async function take(request: NamedRequest, waitedFor: string | null): Promise<KeyAnswer> {
    const row = await find(request);
    const turn = row ? keyTurn(row, { requestSha256: request.requestSha256, waitedFor, now: row.now }) : 'begin';
    if (row && turn === 'wait') return { is: turn, holder: row.holder };
    if (row && turn === 'answered') return { is: turn, status: row.status ?? 500, answer: row.answer };
    if (turn === 'taken') return { is: turn };
    const held = await (row ? takeOver(request, row, turn === 'begin') : begin(request));
    return held ? { is: 'held', held } : take(request, waitedFor);
  }

  return {
    take,
    async answer({ client, key, holder }, { status, answer }) {
      await write(ANSWER, [client, key, holder, status, JSON.stringify(answer)]);
    },
    async giveBack({ client, key, holder }) {
      await write(GIVE_BACK, [client, key, holder]);
    },
    async forgetOld() {
      for (let forgotten = 0; ; ) {
        const { rowCount } = await pool.query(FORGET);
        forgotten += rowCount ?? 0;
        if ((rowCount ?? 0) < PIECE) return forgotten;
      }
    },
  };
}
