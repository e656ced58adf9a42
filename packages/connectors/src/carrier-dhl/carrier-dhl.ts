/** DHL as a carrier that can be asked. */
import { type DhlEvent, type DhlShipment, openDhlClient } from '@lazada-sof/clients';
import type { Carrier, CarrierEvent, CarrierShipment } from '@lazada-sof/orders';
import { dhlFailure } from './failures.ts';
import { codeOf, saysItGoesBack } from './words.ts';

/** Opens a client of its own: close it when it is not needed any more. */
export function carrierDhl({ url, key }: { readonly url: string; readonly key: string }): Carrier {
  const client = openDhlClient({ baseUrl: url, apiKey: key });
  return {
    name: 'dhl',
    title: 'DHL',
    async track(number, signal) {
      try {
        return (await client.track(number, { signal })).map(shipmentOf);
      } catch (error) {
        throw dhlFailure(`DHL about ${number}`, error);
      }
    },
    close: client.close,
  };
}

/** As a carrier tells it. */
export const shipmentOf = ({ id, service, destination, returnFlag, status, events }: DhlShipment): CarrierShipment => ({
  number: id ?? '',
  service: service ?? null,
  destination: countryOf(destination),
  goesBack: returnFlag === true,
  status: eventOf(status ?? {}),
  events: events.map(eventOf),
});

const eventOf = ({ timestamp, location, statusCode, status, description }: Partial<DhlEvent>): CarrierEvent => ({
  code: codeOf(statusCode),
  time: timestamp ?? null,
  country: countryOf(location),
  goesBack: saysItGoesBack(status) || saysItGoesBack(description),
});

const countryOf = (place: DhlEvent['location']): string | null => place?.address?.countryCode ?? null;
