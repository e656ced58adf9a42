/** A request whose body is not whole in time is ended, so that nobody holds connections for nothing. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { Problem, sendProblem } from '../problem.ts';
import { type PaceLimits, UPLOAD_PACE } from './pace.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** Its call reads the body itself, at a pace that is watched. */
    isUploading: boolean;
  }
}

export type BodyTimes = {
  /** From the first byte, or from when the connection was made. */
  readonly headersWithinMs: number;
  /** From the end of the headers. */
  readonly wholeWithinMs: number;
  /** Of an upload, in place of that. */
  readonly pace: PaceLimits;
};

/** A minute together. */
export const BODY_TIMES: BodyTimes = { headersWithinMs: 10_000, wholeWithinMs: 50_000, pace: UPLOAD_PACE };

export function endLateBodies(app: FastifyInstance, { wholeWithinMs }: BodyTimes): void {
  app.decorateRequest('isUploading', false);
  app.addHook('onRequest', async (request, reply) => {
    const { raw, headers } = request;
    if (headers['content-length'] === undefined && headers['transfer-encoding'] === undefined) return;
    const timer = setTimeout(() => end(request, reply), wholeWithinMs).unref();
    for (const over of ['end', 'close'] as const) raw.once(over, () => clearTimeout(timer));
  });
}

function end(request: FastifyRequest, reply: FastifyReply): void {
  const { raw, isUploading } = request;
  if (raw.complete || isUploading) return;
  if (reply.sent) {
    raw.destroy();
    return;
  }
  reply.raw.once('finish', () => raw.destroy());
  void sendProblem(LATE, request, reply.header('connection', 'close'));
}

const LATE = new Problem(408, 'The request did not come in time: send it again, all at once.');
