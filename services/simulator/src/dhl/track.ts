/** DHL's tracking, as small as it can be: what the control API said of a number, or 404. */
import { type Call, type Endpoint, jsonAnswer } from '../server/call.ts';
import { Refusal } from '../server/refusal.ts';
import type { Shipment } from './shipments.ts';

const KNOWN = [
  'trackingNumber',
  'service',
  'requesterCountryCode',
  'originCountryCode',
  'recipientPostalCode',
  'language',
  'offset',
  'limit',
];

export function dhlTrack(shipments: ReadonlyMap<string, Shipment>): Endpoint {
  return {
    api: 'dhl',
    name: 'dhl/track',
    accountOf: () => null,
    handle: (call) => {
      try {
        return jsonAnswer(200, track(call, shipments));
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
        call.refused.push({ reason: error.reason, asked: error.asked });
        const status = Number(error.code);
        return jsonAnswer(status, { title: error.reason, status, detail: error.message });
      }
    },
  };
}

function track(call: Call, shipments: ReadonlyMap<string, Shipment>): object {
  if (!call.headers['dhl-api-key']) throw new Refusal('wrong_authorization', '401', 'Unauthorized');
  const unknown = [...call.query.keys()].find((name) => !KNOWN.includes(name));
  if (unknown) throw new Refusal('unknown_parameter', '400', `${unknown} is not known`);
  const number = call.query.get('trackingNumber');
  if (!number) throw new Refusal('missing_parameter', '400', 'trackingNumber is required');
  const shipment = shipments.get(number);
  if (!shipment)
    throw new Refusal('unknown_tracking_number', '404', `no shipment with number ${number}`, { asked: true });
  const { id, statusCode, timestamp } = shipment;
  const status = { timestamp, statusCode, status: statusCode };
  return { shipments: [{ id, service: 'parcel', status, events: [status] }] };
}
