/** What invoices point at: the PDF behind an iframe, and a picture that only a renderer with network would load. */
import type { FastifyInstance } from 'fastify';
import type { SimulatorState } from '../server/simulator-state.ts';
import { invoicePdf } from '../world/invoices.ts';

/** One black point, which pages draw as large as they like. */
const QR = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNgAAAAAgABSK+kcQAAAABJRU5ErkJggg==',
  'base64',
);

type Link = { Params: { orderId: string; ids: string; file: string } };

export function invoiceRoutes(app: FastifyInstance, state: SimulatorState): void {
  app.get('/invoices/beacon.png', (_request, reply) => {
    state.counter.increment('beacons');
    return reply.code(204).send();
  });
  app.get('/invoices/qr.png', (_request, reply) => reply.type('image/png').send(QR));
  app.get<Link>('/invoices/:orderId/:ids/:file', async ({ params }, reply) => {
    state.counter.increment('links');
    const order = state.world.orders.get(params.orderId);
    if (!order) return reply.code(404).send('no such invoice');
    const ids = params.ids.split('-');
    const items = order.items.filter(({ orderItemId }) => ids.includes(orderItemId));
    const revision = Number.parseInt(params.file, 10);
    return reply
      .type('application/pdf')
      .send(await invoicePdf({ order, items, script: { ...order.script.invoice, revision } }));
  });
}
