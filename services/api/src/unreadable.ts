/** Requests that no route ever sees: an address or a header that cannot be read. Refused like all others. */
import { randomUUID } from 'node:crypto';
import { STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, problemDocument, sendProblem } from './problem.ts';

const BAD_URL = new Problem(400, 'The address cannot be read: percent-encode each part of it as UTF-8.');
const ADDRESS: Readonly<Record<string, Problem>> = {
  FST_ERR_BAD_URL: BAD_URL,
  FST_ERR_MAX_PARAM_LENGTH: new Problem(414, 'A part of the address is longer than any name or number that there is.'),
};

export const refuseAddress = (error: FastifyError, request: FastifyRequest, reply: FastifyReply): void => {
  const problem = ADDRESS[error.code] ?? new Problem(error.statusCode ?? 400, error.message);
  void sendProblem(problem, request, reply.header('x-request-id', request.id));
};

/** The path is read by the router; what its query has that is no UTF-8 would pass as it is written. */
export async function refuseQuery(request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply | undefined> {
  const [, query = ''] = /\?(.*)$/.exec(request.url) ?? [];
  return isDecodable(query) ? undefined : sendProblem(BAD_URL, request, reply);
}

function isDecodable(query: string): boolean {
  try {
    decodeURIComponent(query);
    return true;
  } catch {
    return false;
  }
}

const WORDS: Readonly<Record<string, Problem>> = {
  ERR_HTTP_REQUEST_TIMEOUT: new Problem(408, 'The request did not come in time: send it again, all at once.'),
  HPE_HEADER_OVERFLOW: new Problem(431, 'The headers are larger than 16 KiB together: send fewer.'),
};
const NOT_HTTP = new Problem(
  400,
  'This cannot be read as HTTP/1.1: look at the headers for characters that may not stand there.',
);

/** There is no request yet, so the answer is written by hand. */
export function refuseConnection(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed) return;
  const problem = WORDS[error.code ?? ''] ?? NOT_HTTP;
  const body = JSON.stringify(problemDocument(problem, randomUUID()));
  const head = [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'connection: close',
    `content-length: ${Buffer.byteLength(body)}`,
    'content-type: application/problem+json; charset=utf-8',
  ];
  if (socket.writable) socket.write(`${head.join('\r\n')}\r\n\r\n${body}`);
  socket.destroy(error);
}
