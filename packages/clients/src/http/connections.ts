/** Kept connections, and one request over them: an answer of any status, or one of the errors in `errors.ts`. */
import type { ClientRequest } from 'node:http';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import got from 'got';
import { AnswerTooLargeError } from './errors.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from './request.ts';
import { transportError } from './transport-error.ts';

export type Connections = {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends the kept connections. */
  close(): void;
};

export type PhaseLimits = {
  /** For the name's look-up, the connection and its TLS, each. */
  readonly connectMs: number;
  /** From the last byte sent to the answer's headers. */
  readonly headersMs: number;
  /** Servers close idle connections after 5 s and more; a request on one that is being closed has an unknown outcome. */
  readonly idleMs: number;
};
const LIMITS: PhaseLimits = { connectMs: 5_000, headersMs: 10_000, idleMs: 4_000 };

export function openConnections(limits: PhaseLimits = LIMITS): Connections {
  const agents = {
    http: new HttpAgent({ keepAlive: true, timeout: limits.idleMs }),
    https: new HttpsAgent({ keepAlive: true, timeout: limits.idleMs }),
  };
  return {
    send: (request) => send(agents, limits, request),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Agents = { http: HttpAgent; https: HttpsAgent };

async function send(agents: Agents, limits: PhaseLimits, request: HttpRequest): Promise<HttpAnswer> {
  const progress = { left: false };
  const giveUp = new AbortController();
  const onAbort = () => {
    if (!(progress.left && request.finishOnceSent)) giveUp.abort();
  };
  if (request.signal?.aborted) onAbort();
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const stream = open(agents, limits, request, giveUp.signal);
  stream.on('request', (sent: ClientRequest) => watchLeaving(sent, progress));
  try {
    const body = await readCapped(stream, request);
    return { status: stream.response?.statusCode ?? 0, headers: stream.response?.headers ?? {}, body };
  } catch (error) {
    throw transportError(error, request, { left: progress.left, httpStatus: stream.response?.statusCode });
  } finally {
    request.signal?.removeEventListener('abort', onAbort);
  }
}

const open = (agents: Agents, limits: PhaseLimits, request: HttpRequest, signal: AbortSignal) =>
  got.stream(request.url, {
    method: request.method,
    headers: { 'user-agent': 'lazada-sof', ...request.headers },
    ...(request.body !== undefined && { body: request.body }),
    agent: agents,
    ...(request.lookup && { dnsLookup: request.lookup }),
    // Whoever calls decides what a status means and what is repeated; a followed redirect would carry credentials away.
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    timeout: {
      lookup: limits.connectMs,
      connect: limits.connectMs,
      secureConnect: limits.connectMs,
      response: limits.headersMs,
      request: request.wholeMs,
    },
    signal,
  });

/** Until its connection stands nothing of a request can have arrived; from then on it may have. */
function watchLeaving(sent: ClientRequest, progress: { left: boolean }) {
  const left = () => {
    progress.left = true;
  };
  const onSocket = (socket: Socket) => {
    if (!socket.connecting) left();
    else socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', left);
  };
  if (sent.socket) onSocket(sent.socket);
  else sent.once('socket', onSocket);
}

async function readCapped(stream: ReturnType<typeof open>, request: HttpRequest): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > request.largestAnswer) {
      throw new AnswerTooLargeError(`the answer is larger than ${request.largestAnswer} bytes`, {
        request: factsOf(request),
        httpStatus: stream.response?.statusCode,
      });
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
