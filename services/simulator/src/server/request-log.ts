/** The last requests, newest last, without any secret: for the page and for a person who wonders what was asked. */
import { isConfidential, redactText, redactValue } from '@lazada-sof/redact';
import type { Answer, Call } from './call.ts';
import type { Refused } from './refusal.ts';

const KEPT = 1000;
/** Of the consent. */
const CODE = 'code';
const LONGEST = 2000;

export type LoggedRequest = {
  readonly id: number;
  readonly at: string;
  readonly call: string;
  readonly account: string | null;
  readonly method: string;
  readonly parameters: Readonly<Record<string, unknown>>;
  status: number | null;
  /** The `code` of an Open Platform answer. */
  code: string | null;
  refused: readonly Refused[];
  fault: number | null;
  ms: number | null;
};

export class RequestLog {
  #entries: LoggedRequest[] = [];
  #next = 1;

  open(call: Call, at: number, account: string | null): LoggedRequest {
    const entry: LoggedRequest = {
      id: this.#next++,
      at: new Date(at).toISOString(),
      call: call.name,
      account,
      method: call.method,
      parameters: redact(parametersOf(call)),
      status: null,
      code: null,
      refused: [],
      fault: null,
      ms: null,
    };
    this.#entries.push(entry);
    if (this.#entries.length > KEPT) this.#entries.shift();
    return entry;
  }

  close(entry: LoggedRequest, answer: Answer | null, refused: readonly Refused[], ms: number): void {
    entry.status = answer?.status ?? null;
    entry.code = answer ? codeOf(answer) : null;
    entry.refused = refused;
    entry.ms = Math.round(ms);
  }

  read({
    call,
    account,
    limit = 100,
  }: {
    call?: string;
    account?: string;
    limit?: number;
  } = {}): readonly LoggedRequest[] {
    return this.#entries
      .filter((entry) => (!call || entry.call === call) && (!account || entry.account === account))
      .slice(-limit);
  }

  reset(): void {
    this.#entries = [];
  }
}

function parametersOf(call: Call): Record<string, unknown> {
  const query = Object.fromEntries(call.query);
  if (!call.body) return query;
  try {
    const body: unknown = JSON.parse(call.body);
    return { ...query, ...(typeof body === 'object' ? body : { body }) };
  } catch {
    return { ...query, ...Object.fromEntries(new URLSearchParams(call.body)) };
  }
}

function redact(parameters: Record<string, unknown>): Record<string, unknown> {
  const isHidden = (name: string) => name === CODE || isConfidential(name);
  const shown = Object.entries(parameters).map(([name, value]) => [name, isHidden(name) ? '…' : short(value)]);
  return Object.fromEntries(shown);
}

/** What is text may be JSON, in which there are names again. */
function short(value: unknown): unknown {
  if (typeof value !== 'string') return redactValue(value);
  const text = redactText(value);
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}

function codeOf(answer: Answer): string | null {
  return /^\{"code":"?([^",}]*)"?[,}]/.exec(answer.body.toString('utf8').slice(0, 200))?.[1] ?? null;
}
