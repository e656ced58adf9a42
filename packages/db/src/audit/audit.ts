/** What people and programs changed, and who tried to come in. Rows are added and never changed; the database refuses more. */

import { oneLine } from '@lazada-sof/redact';
import type pg from 'pg';
import { sha256 } from '../access/hashes.ts';

/** A person who signed in, another system with its key, somebody at the command line (or by our settings), or somebody who did not get in. */
export type ActorKind = 'person' | 'key' | 'command_line' | 'nobody';

export type Act = {
  readonly by: { readonly kind: ActorKind; readonly name: string | null };
  readonly address: string | null;
  /** A call (`PATCH /v1/users/:name`) or a command (`user role`). */
  readonly act: string;
  /** The name of what it was done to; never what was said of it. */
  readonly thing: string | null;
  /** Of HTTP its status, of a command its exit code. */
  readonly status: number;
  readonly requestId?: string | undefined;
};

export type AuditLine = Act & { readonly id: string; readonly at: Date };

export interface Audit {
  add(act: Act): Promise<void>;
  /**
   * One row for as many of this act and status as come within a minute from this actor, whatever they were to be done to: that
   * of the first.
   */
  addOnceAMinute(act: Act): Promise<void>;
  /**
   * Of nobody, who may try without end from addresses without end: one row a minute for each thing and network, and no more
   * than 32 of a thing, and of those without one. Then one stands for several networks.
   */
  addStranger(act: Act, network: string): Promise<void>;
  /** Newest first; `nextCursor` asks for the page that follows. */
  list(page?: {
    readonly cursor?: string | undefined;
    readonly limit?: number;
  }): Promise<{ readonly items: AuditLine[]; readonly nextCursor: string | null }>;
}

const MINUTE_MS = 60_000;
const PAGE = 50;

const ADD = `
  insert into public.audit_log (actor_kind, actor, address, act, thing, status, request_id, once)
  values ($1, $2, $3, $4, $5, $6, $7, $8) on conflict do nothing`;
const LIST = `
  select l.id::text, at, actor_kind as kind, actor as name, address, act, thing, status, request_id as "requestId"
    from public.audit_log l where $1::bigint is null or l.id < $1 order by l.id desc limit $2`;

type Row = Omit<AuditLine, 'by'> & { readonly kind: ActorKind; readonly name: string | null };

export function openAudit(pool: pg.Pool): Audit {
  const add = async ({ by, address, act, thing, status, requestId }: Act, once: string | null) => {
    const values = [by.kind, shown(by.name), shown(address), shown(act), shown(thing), status, requestId, once];
    await pool.query(ADD, values);
  };
  return {
    add: (act) => add(act, null),
    addOnceAMinute: (act) => add(act, onceAMinute(act, [act.by.kind, act.by.name])),
    addStranger: (act, network) => add(act, onceAMinute(act, [act.thing, placeOf(network)])),
    async list({ cursor, limit = PAGE } = {}) {
      const { rows } = await pool.query<Row>(LIST, [cursor ?? null, limit + 1]);
      const items = rows.slice(0, limit).map(({ kind, name, ...row }) => ({ by: { kind, name }, ...row }));
      return { items, nextCursor: rows.length > limit ? (items.at(-1)?.id ?? null) : null };
    },
  };
}

/** The same for all that are told by one row. */
function onceAMinute({ act, status }: Act, whose: readonly (string | number | null)[]): string {
  const same = [act, status, ...whose, Math.floor(Date.now() / MINUTE_MS)];
  return Buffer.from(sha256(JSON.stringify(same))).toString('base64url');
}

const PLACES = 32;
const placeOf = (network: string): number => (sha256(network)[0] ?? 0) % PLACES;

const LONGEST = 300;

/** Anybody may send any text: it can be stored, is short, and steers the terminal of nobody who reads it. */
const shown = (text: string | null): string | null =>
  text === null ? null : oneLine(text).slice(0, LONGEST).toWellFormed();
