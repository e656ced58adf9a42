/** One request to one of the simulated APIs, and the answer to it: what every part of the simulator talks about. */
import type { Refused } from './refusal.ts';

export const APIS = ['sof', 'lazada', 'dhl'] as const;
export type Api = (typeof APIS)[number];

export type Call = {
  readonly api: Api;
  /** What counts and faults call it: the Open Platform's path (`/order/fulfill/pack`), `sof/status`, `sof/auth`, `dhl/track`. */
  readonly name: string;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  /** Where the caller reached this server, for links to it. */
  readonly origin: string;
  /** The seller whose token or user name it came with, if any. */
  account: string | null;
  /** How many elements the request held, for the calls that take a batch. */
  elements: number | null;
  /** Refusals of single elements; one of the whole request is thrown. */
  readonly refused: Refused[];
};

export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
};

export type Endpoint = {
  readonly api: Api;
  readonly name: string;
  /** Whose call it is, for limits, counts and faults; looked up before anything is checked. */
  readonly accountOf: (call: Call) => string | null;
  /** Calls with the same key shall not overlap; where they do, that is counted. */
  readonly oneAtATime?: (call: Call) => string;
  readonly handle: (call: Call) => Answer | Promise<Answer>;
};

export function jsonAnswer(status: number, value: unknown, headers: Record<string, string> = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json; charset=utf-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** The type of the body without its parameters, in lower case; empty where none was sent. */
export function contentType(call: Call): string {
  return String(call.headers['content-type'] ?? '')
    .split(';', 1)
    .join('')
    .trim()
    .toLowerCase();
}
