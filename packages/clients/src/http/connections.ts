/** Kept connections, and one request over them: an answer of any status, or one of the errors in `errors.ts`. */
import http, { type ClientRequest, Agent as HttpAgent } from 'node:http';
import https, { Agent as HttpsAgent } from 'node:https';
import type { Socket } from 'node:net';
import { TLSSocket } from 'node:tls';
import got, { type Got, type OptionsInit } from 'got';
import { AnswerTooLargeError } from './errors.ts';
import { factsOf, type HttpAnswer, type HttpRequest } from './request.ts';
import { LateError, TakenBackError, transportError } from './transport-error.ts';

export type Connections = {
  send(request: HttpRequest): Promise<HttpAnswer>;
  /** Ends the kept connections. */
  close(): void;
};

export type PhaseLimits = {
  /** For the name's look-up, the connection and its TLS, together. */
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
  const client = got.extend({
    headers: { 'user-agent': 'lazada-sof' },
    agent: agents,
    request: leanRequest,
    // Whoever calls decides what a status means and what is repeated; a followed redirect would carry credentials away.
    followRedirect: false,
    throwHttpErrors: false,
    retry: { limit: 0 },
  });
  return {
    send: (request) => send(client, limits, request),
    close: () => {
      agents.http.destroy();
      agents.https.destroy();
    },
  };
}

type Open = NonNullable<OptionsInit['request']>;

/**
 * got hands over sixty options, and node copies whatever it is handed several times per request. Only these come through: an
 * option of got's that node is to see (a certificate, a `localAddress`) has no effect before it is named here.
 */
const leanRequest: Open = (url, { method, headers, agent, lookup }, onAnswer) => {
  const { request } = url.protocol === 'https:' ? https : http;
  const hostname = url.hostname.replace(/^\[|\]$/g, ''); // of an IPv6 address
  const path = `${url.pathname}${url.search}`;
  const options = { protocol: url.protocol, hostname, port: url.port, path, method, headers, agent, lookup };
  return request(options as http.RequestOptions, onAnswer); // the agent is the one of this protocol by now
};

const requestAt =
  (socketPath: string): Open =>
  (url, { method, headers, agent }, onAnswer) =>
    http.request({ socketPath, path: url.pathname, method, headers, agent } as http.RequestOptions, onAnswer);

/** How far a request came. */
type Progress = {
  /** Until its connection stands nothing of it can have arrived; from then on it may have. */
  left: boolean;
  request?: ClientRequest;
};

async function send(client: Got, limits: PhaseLimits, request: HttpRequest): Promise<HttpAnswer> {
  const progress: Progress = { left: false };
  const stream = client.stream(request.url, {
    method: request.method,
    headers: request.headers,
    ...(request.lookup && { dnsLookup: request.lookup }),
    ...(request.socketPath && { request: requestAt(request.socketPath) }),
    timeout: { request: request.wholeMs },
  });
  const onAbort = () => {
    if (!(progress.left && request.finishOnceSent)) stream.destroy(new TakenBackError());
  };
  if (request.signal?.aborted) onAbort();
  request.signal?.addEventListener('abort', onAbort, { once: true });
  stream.once('request', (sent: ClientRequest) => {
    progress.request = sent;
    watchLeaving(sent, limits.connectMs, progress);
    watchAnswer(sent, limits.headersMs);
    // got listens for it, so that node leaves the connection to whoever does, and nobody would ever end it.
    sent.once('upgrade', (_answer, socket: Socket) => {
      socket.destroy();
      stream.destroy(new Error('the answer goes on in another protocol'));
    });
    sendBody(sent, request);
  });
  try {
    const body = await readCapped(stream, request);
    // Answered before all was read: what is left is not sent, and nobody else gets this connection.
    if (!progress.request?.writableFinished) stream.destroy();
    return { status: stream.response?.statusCode ?? 0, headers: stream.response?.headers ?? {}, body };
  } catch (error) {
    throw transportError(error, request, { left: progress.left, httpStatus: stream.response?.statusCode });
  } finally {
    request.signal?.removeEventListener('abort', onAbort);
  }
}

/**
 * Past got, which does nothing but end a GET. It would send a body in pieces and take a request that is answered before the
 * last of them for one that is over: the answer is broken off. And a server that hangs up after its answer makes a write fail,
 * which by got's way is the outcome then.
 */
function sendBody(sent: ClientRequest, { method, body }: HttpRequest): void {
  if (method === 'POST') sent.end(body);
}

function watchLeaving(sent: ClientRequest, connectMs: number, progress: Progress): void {
  const onConnected = () => {
    progress.left = true;
  };
  sent.once('socket', (socket: Socket) => {
    if (socket.destroyed) return; // there was no way, and it was told at once
    if (!socket.connecting) return onConnected();
    const late = destroyAfter(sent, connectMs, 'none');
    socket.once(socket instanceof TLSSocket ? 'secureConnect' : 'connect', () => {
      clearTimeout(late);
      onConnected();
    });
  });
}

function watchAnswer(sent: ClientRequest, headersMs: number): void {
  let late: NodeJS.Timeout | undefined;
  const onSent = () => {
    late = destroyAfter(sent, headersMs, 'no headers');
  };
  sent.once('finish', onSent);
  sent.once('response', () => {
    sent.off('finish', onSent); // answered before all was sent
    clearTimeout(late);
  });
}

function destroyAfter(sent: ClientRequest, ms: number, what: string): NodeJS.Timeout {
  const late = setTimeout(() => sent.destroy(new LateError(`${what} after ${ms} ms`)), ms);
  sent.once('close', () => clearTimeout(late));
  return late;
}

function readCapped(stream: ReturnType<Got['stream']>, request: HttpRequest): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= request.largestAnswer) {
        chunks.push(chunk);
        return;
      }
      const facts = { request: factsOf(request), httpStatus: stream.response?.statusCode };
      reject(new AnswerTooLargeError(`the answer is larger than ${request.largestAnswer} bytes`, facts));
      stream.destroy();
    });
    stream.once('end', () => resolve(Buffer.concat(chunks)));
    stream.on('error', reject);
    stream.once('close', () => reject(new Error('closed before the answer ended'))); // nothing, where it has
  });
}
