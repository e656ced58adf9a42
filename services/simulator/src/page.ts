import type { FastifyInstance } from 'fastify';
import type { ControlCall } from './control.ts';
import type { Desk } from './front-door.ts';

export function pageRoutes(app: FastifyInstance, desk: Desk, calls: readonly ControlCall[]): void {
  app.get('/', (_request, reply) => reply.type('text/html').send(String(desk.world.orders.size + calls.length)));
}
