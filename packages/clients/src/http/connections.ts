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

const CONNECT_MS = 5_000;
const HEADERS_MS = 10_000;
/** Servers close idle connections after 5 s and more; a request on one that is being closed has an unknown outcome. */
const IDLE_MS = 4_000;

export function openConnections(): Connections {
  const agents = {
    http: new HttpAgent({ keepAlive: true, timeout: IDLE_MS }),
    https: new HttpsAgent({ keepAlive: true, timeout: IDLE_MS }),
  };
  return {
    send: (request) => send(agents, request),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Agents = { http: HttpAgent; https: HttpsAgent };

async function send(agents: Agents, request: HttpRequest): Promise<HttpAnswer> {
  const progress = { left: false };
  const giveUp = new AbortController();
  const onAbort = () => {
    if (!(progress.left && request.finishOnceSent)) giveUp.abort();
  };
  if (request.signal?.aborted) onAbort();
  request.signal?.addEventListener('abort', onAbort, { once: true });
  const stream = open(agents, request, giveUp.signal);
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

const open = (agents: Agents, request: HttpRequest, signal: AbortSignal) =>
  got.stream(request.url, {
    method: request.method,
    headers: { 'user-agent': 'lazada-sof', ...request.headers },
    ...(request.body !== undefined && { body: request.body }),
    agent: agents,
    // Whoever calls decides what a status means and what is repeated; a followed redirect would carry credentials away.
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
    timeout: {
      lookup: CONNECT_MS,
      connect: CONNECT_MS,
      secureConnect: CONNECT_MS,
      response: HEADERS_MS,
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
