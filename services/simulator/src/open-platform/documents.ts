/** Documents of items: invoices in full, the carrier's manifest; labels are not for the seller's own fleet. */

import { Refusal } from '../server/refusal.ts';
import { type Document, invoiceDocument } from '../world/invoices.ts';
import { manifestDocument } from '../world/manifests.ts';
import type { Item, Order } from '../world/model.ts';
import { hasParcel } from '../world/state-machine.ts';
import type { OpenPlatformCall, Reply, Request } from './gateway.ts';
import { readIds } from './parameters.ts';

const MOST_ITEMS = 100;
const TYPES = ['invoice', 'shippingLabel', 'carrierManifest'];

export const DOCUMENTS: readonly OpenPlatformCall[] = [
  {
    path: '/order/document/get',
    methods: ['GET'],
    parameters: { doc_type: true, order_item_ids: true },
    handle: getDocument,
  },
];

async function getDocument(request: Request): Promise<Reply> {
  const { state, call, account, parameters } = request;
  const type = parameters.doc_type ?? '';
  if (!TYPES.includes(type)) throw new Refusal('bad_parameter', '32', `E032: Document type "${type}" is not valid`);
  const ids = readIds(parameters.order_item_ids ?? '', MOST_ITEMS, { form: '20', size: '20' });
  call.elements = ids.length;
  const found = ids.map((id) => state.world.item(id));
  const [first] = found;
  if (!first || found.some((one) => one?.order.sellerId !== account.sellerId))
    throw new Refusal('unknown_item', '20', 'E020: Invalid Order Item IDs');
  const items = found.flatMap((one) => (one ? [one.item] : []));
  const { manifest } = state.world.behaviour;
  if (type === 'carrierManifest' && (manifest === 'pdf' || manifest === 'html')) {
    checkPacked(items);
    return documentReply(
      type,
      await manifestDocument(
        found.flatMap((one) => one ?? []),
        manifest,
      ),
    );
  }
  if (type !== 'invoice')
    throw new Refusal('not_sof', type === 'carrierManifest' ? manifest : '50008', NO_SUCH_DOCUMENT);
  checkIssued(request, first.order, items);
  const invoice = { order: first.order, items, script: first.order.script.invoice };
  return documentReply(type, await invoiceDocument(invoice, call.origin));
}

const NO_SUCH_DOCUMENT = 'The seller delivers this order: it has no such document';

function documentReply(type: string, { mime, file }: Document): Reply {
  const text = typeof file === 'string' ? file : file.toString('base64');
  return { data: { document: { document_type: type, mime_type: mime, file: text } } };
}

function checkPacked(items: readonly Item[]): void {
  const open = items.find(({ status }) => !hasParcel(status));
  if (!open) return;
  const message = `E034: Order item ${open.orderItemId} must be packed, it is ${open.status}`;
  throw new Refusal('document_not_packed', '34', message);
}

/** @throws Refusal until every item is packed, and then until the order's script lets the invoice be issued */
function checkIssued({ state }: Request, order: Order, items: readonly Item[]): void {
  checkPacked(items);
  const seconds = order.script.invoice.readyAfterSeconds;
  const readyAt = Math.max(...items.map(readyToShipAt)) + seconds * 1000;
  if (seconds > 0 && !(state.world.now() >= readyAt))
    throw new Refusal('document_not_ready', '30012', 'The document is not ready, try again later', { asked: true });
}

function readyToShipAt({ history }: Item): number {
  return history.find(({ status }) => status === 'ready_to_ship')?.at ?? Number.NaN;
}
