/**
 * The dashboard of the queues (bull-board) under `/queues`, behind the sign-in of people. Viewers look, operators retry
 * jobs and let delayed ones go, administrators may do what else it offers, but take jobs away or change what they say. A retry is
 * always safe: a job only says "look at this again", and one whose work is done completes as `superseded`.
 */
import { createBullBoard } from '@bull-board/api';
import { BullMQAdapter } from '@bull-board/api/bullMQAdapter';
import { FastifyAdapter } from '@bull-board/fastify';
import type { Producer } from '@lazada-sof/queue';
import type { Logger } from '@lazada-sof/runtime';
import type { FastifyInstance } from 'fastify';
import { type Access, type Asker, whyForbidden } from './access.ts';

/** The queues themselves: only their dashboard may know what they are made of. */
export type BoardQueues = ReturnType<Producer['queues']>;

export const BOARD = '/queues';

/** The calls of the board that an operator may make; every other change is an administrator's. */
const OPERATORS = [
  /\/api\/queues\/[^/]+\/retry\/[^/]+$/,
  /\/api\/queues\/[^/]+\/[^/]+\/retry$/,
  /\/api\/queues\/[^/]+\/promote$/,
  /\/api\/queues\/[^/]+\/[^/]+\/promote$/,
];

/** Calls that take jobs away or write other data into them: updates of other systems are nowhere else. */
const NOBODYS = [
  /\/api\/queues\/[^/]+\/(?:empty|obliterate)$/,
  /\/api\/queues\/[^/]+\/clean\/[^/]+$/,
  /\/api\/queues\/[^/]+\/[^/]+\/(?:clean|update-data|remove-unprocessed-children)$/,
];

/** Who may use a route of the board. */
export function boardAccess(method: string, url: string): Access {
  if (method === 'GET' || method === 'HEAD') return 'person:orders:read';
  if (NOBODYS.some((route) => route.test(url))) return 'nobody';
  return OPERATORS.some((route) => route.test(url)) ? 'person:orders:write' : 'person:admin';
}

export async function mountQueueBoard(
  app: FastifyInstance,
  { queues, log }: { queues: BoardQueues; log: Logger },
): Promise<void> {
  const serverAdapter = new FastifyAdapter();
  serverAdapter.setBasePath(BOARD);
  createBullBoard({
    queues: queues.map((queue) => new BullMQAdapter(queue)),
    serverAdapter,
    options: {
      uiConfig: {
        boardTitle: 'Lazada SOF queues',
        hideDocsLink: true,
        hideRedisDetails: true,
        miscLinks: [{ text: 'API', url: '/docs' }],
      },
    },
  });
  // The board's own answer would be the error's message, which may name our servers.
  serverAdapter.setErrorHandler((error) => {
    const refused = refusedStatus(error);
    if (refused) return { status: refused, body: { error: error.message } };
    log.error('the queue dashboard failed', { error });
    return { status: 500, body: { error: 'Something broke on our side; our log says what.' } };
  });
  await app.register(async (scope) => {
    // The board's page brings its own inline styles, never inline scripts.
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('content-security-policy', BOARD_CSP);
    });
    scope.addHook('preSerialization', async ({ asker }, _reply, payload) => offered(asker, payload));
    await scope.register(serverAdapter.registerPlugin(), { prefix: BOARD });
  });
}

/** Of what Fastify refuses to read, in words that hold nothing of ours; null: something broke. */
const refusedStatus = (error: Error): BoardStatus | null =>
  'statusCode' in error && typeof error.statusCode === 'number' && error.statusCode < 500
    ? // The board names the few that it has itself, and hands on any.
      (error.statusCode as BoardStatus)
    : null;

type BoardStatus = ReturnType<Parameters<FastifyAdapter['setErrorHandler']>[0]>['status'];

/** What somebody may not do is not offered: to viewers the board shows its queues as read-only. */
function offered(asker: Asker | null, payload: unknown): unknown {
  if (!asker || !whyForbidden(asker, 'person:orders:write')) return payload;
  if (typeof payload !== 'object' || payload === null || !('queues' in payload)) return payload;
  const { queues } = payload as { queues: readonly object[] };
  return { ...payload, queues: queues.map((queue) => ({ ...queue, readOnlyMode: true })) };
}

const BOARD_CSP = [
  "default-src 'self'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "font-src 'self' data:",
  "base-uri 'self'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "object-src 'none'",
].join('; ');
