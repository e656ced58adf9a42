import type { IncomingHttpHeaders } from 'node:http';
import type { LookupFunction } from 'node:net';
import type { RequestFacts } from './errors.ts';

export type HttpRequest = {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** From the first look-up of the name to the last byte of the answer. */
  readonly wholeMs: number;
  readonly largestAnswer: number;
  readonly signal?: AbortSignal | undefined;
  /** True: what has been sent is not given up any more, `signal` takes back only what has not left. */
  readonly finishOnceSent?: boolean;
  /** How the host's name becomes an address; left out: as the machine does it. */
  readonly lookup?: LookupFunction;
  /** Of a server on this machine that listens at a path; the host of `url` is only a name then. */
  readonly socketPath?: string | undefined;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/** What errors tell of a request. */
export const factsOf = ({ method, url }: Pick<HttpRequest, 'method' | 'url'>): RequestFacts => ({
  method,
  url: `${url.origin}${url.pathname}`,
});
