/** A carrier, asked about a parcel: it says how that ended, with its own time. */
import { until } from '@lazada-sof/local';
import type { Producer } from '@lazada-sof/queue';
import type { Stage } from '../stage.ts';
import type { Door } from './door.ts';

/** As DHL says it. A failure ends nothing by itself. */
const SAYS: Readonly<Record<string, object>> = {
  delivered: { statusCode: 'delivered', status: 'DELIVERED' },
  not_delivered: { statusCode: 'failure', status: 'The shipment is returned to the sender' },
};
/** What is told for it by whoever says the same at another door. */
export const BACK = 'DHL: it goes back to its sender';

export function carrierDoor({ sql, lazada }: Stage, { addAndWait }: Pick<Producer, 'addAndWait'>): Door {
  const parcelOf = async (orderNumber: string, packageId: string) => {
    const [row] = await sql(PARCEL, [orderNumber, packageId]);
    return { id: String(row?.id), number: String(row?.number) };
  };
  return {
    name: 'carrier',
    can: ({ status = '', occurredAt, packageId }) =>
      status in SAYS && occurredAt !== undefined && packageId !== undefined,
    async say({ orderNumber }, { status = '', occurredAt, packageId = '' }) {
      const { id, number } = await parcelOf(orderNumber, packageId);
      const shipment = {
        id: number,
        service: 'ecommerce-apac',
        status: { ...SAYS[status], timestamp: occurredAt },
        events: [],
      };
      await lazada.post('/control/dhl', { trackingNumber: number, answer: { shipments: [shipment] } });
      const data = { v: 1, packageId: id, force: true } as const;
      const reply = await addAndWait({ name: 'poll-carrier', data }, 20_000);
      if (reply.outcome !== 'answered') throw new Error(`poll-carrier of ${number}: ${JSON.stringify(reply)}`);
      const isHeard = async () => (await sql(HEARD, [orderNumber])).length > 0;
      await until(isHeard, { what: `${orderNumber} has heard the carrier`, withinMs: 20_000 });
      return true;
    },
  };
}

const PARCEL = `
  select p.id, p.carrier_tracking_number as number from public.order_lazada_package p join public.orders o on o.id = p.order_id
   where o.order_number = $1 and p.package_id = $2`;
const HEARD = `
  select from public.order_lazada_event e join public.orders o on o.id = e.order_id
   where o.order_number = $1 and e.source = 'carrier'`;
