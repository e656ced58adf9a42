/** The newest orders, as Lazada knows them. */
import type { Order } from '../world/model.ts';
import type { World } from '../world/world.ts';
import { type Html, html, table } from './html.ts';

const MOST_ORDERS = 30;

export function orderTable(world: World): Html {
  const newest = [...world.orders.values()].slice(-MOST_ORDERS).reverse();
  const rows = newest.map((order) => [
    html`<a href="/control/orders/${order.orderNumber}">${order.orderNumber}</a>`,
    world.accountOf(order).name,
    statusesOf(order),
    order.packages
      .map(({ trackingNumber, replaced }) => `${trackingNumber}${replaced ? ' (replaced)' : ''}`)
      .join(', '),
    acceptedOf(order),
    order.script.invoice.kind,
  ]);
  return html`${table(['order', 'account', 'items', 'tracking numbers', 'accepted', 'invoice'], rows, 'None yet.')}
<p>The newest ${Math.min(MOST_ORDERS, world.orders.size)} of ${world.orders.size}.</p>`;
}

function statusesOf(order: Order): string {
  const tally = new Map<string, number>();
  for (const { status } of order.items) tally.set(status, (tally.get(status) ?? 0) + 1);
  return [...tally].map(([status, count]) => (count > 1 ? `${count} × ${status}` : status)).join(', ');
}

function acceptedOf(order: Order): string {
  const accepted = order.packages.flatMap((parcel) => parcel.accepted);
  return accepted.map(({ status, at, duplicate }) => `${status} ${clock(at)}${duplicate ? ' (again)' : ''}`).join(', ');
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}
