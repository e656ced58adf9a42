import { describe, expect, test } from '@jest/globals';
import { T0 } from '../model/order.fixture.ts';
import type { CarrierEvent, CarrierShipment } from './shipment.ts';
import { type CarrierSays, whatCarrierSays } from './what-it-says.ts';

const NUMBER = '00340434292135100266';
/** Ready to ship since 2026-03-02T04:00:00Z. */
const ASKED = { number: NUMBER, readyToShipAt: T0, account: { country: 'SG', timezone: 'Asia/Singapore' } } as const;
const DAY4 = '2026-03-04T10:00:00Z';
const DAY5 = '2026-03-05T10:00:00Z';
const DAY6 = '2026-03-06T10:00:00Z';
const OLD = '2024-11-02T12:00:00Z';

const event = (code: CarrierEvent['code'], time: string | null, fields: Partial<CarrierEvent> = {}): CarrierEvent => ({
  ...{ code, time, country: null, goesBack: false },
  ...fields,
});
const shipment = (status: CarrierEvent, fields: Partial<CarrierShipment> = {}): CarrierShipment => ({
  ...{ number: NUMBER, service: 'parcel-de', destination: 'SG', goesBack: false, status, events: [status] },
  ...fields,
});
const back = { goesBack: true };
const delivered = (at: string) => ({ is: 'ended', end: 'delivered', at: new Date(at) });
const notDelivered = (at: string) => ({ is: 'ended', end: 'not_delivered', at: new Date(at) });
const told = (about: RegExp) => ({ is: 'told', detail: expect.stringMatching(about) });
const nothing = (about: RegExp) => ({ is: 'nothing', detail: expect.stringMatching(about) });

type Row = { says: string; shipments: CarrierShipment[]; expected: Partial<CarrierSays> | object };
const rows: Row[] = [
  { says: 'no shipment: not known yet', shipments: [], expected: nothing(/does not know 0034.* yet/) },
  { says: 'on its way: nothing', shipments: [shipment(event('transit', DAY4))], expected: nothing(/says transit/) },
  { says: 'announced: nothing', shipments: [shipment(event('announced', DAY4))], expected: nothing(/announced/) },
  { says: 'unknown: nothing', shipments: [shipment(event('unknown', '2026-03-14'))], expected: nothing(/unknown/) },
  {
    says: 'neither code nor event: nothing',
    shipments: [shipment(event(null, null), { events: [] })],
    expected: nothing(/unknown/),
  },
  { says: 'delivered, with its own time', shipments: [shipment(event('delivered', DAY4))], expected: delivered(DAY4) },
  {
    says: 'delivered on a day without a time: told',
    shipments: [shipment(event('delivered', '2026-03-04'))],
    expected: told(/without a time of day/),
  },
  {
    says: "delivered on a day without a time, and its event has one: the event's",
    shipments: [shipment(event('delivered', '2026-03-04'), { events: [event('delivered', DAY4)] })],
    expected: delivered(DAY4),
  },
  {
    says: 'a status without a code has that of its newest event that has one',
    shipments: [
      shipment(event(null, DAY5), { events: [event('transit', DAY4), event(null, DAY6), event('delivered', DAY5)] }),
    ],
    expected: delivered(DAY5),
  },
  {
    says: 'a status without a code, whose newest event with one is no end: nothing',
    shipments: [shipment(event(null, DAY5), { events: [event('transit', DAY5), event('delivered', DAY4)] })],
    expected: nothing(/transit/),
  },
  {
    says: 'a failure: told',
    shipments: [shipment(event('failure', DAY4))],
    expected: { ...told(/could not deliver/), at: new Date(DAY4) },
  },
  {
    says: 'a failure that goes back',
    shipments: [
      shipment(event('failure', DAY5, back), { events: [event('failure', DAY5, back), event('failure', DAY4)] }),
    ],
    expected: notDelivered(DAY5),
  },
  {
    says: 'a failure whose event alone has the words',
    shipments: [shipment(event('failure', DAY5), { events: [event('failure', DAY5, back)] })],
    expected: notDelivered(DAY5),
  },
  {
    says: 'a failure of a shipment that is marked as a return',
    shipments: [shipment(event('failure', DAY5), { goesBack: true })],
    expected: notDelivered(DAY5),
  },
  {
    says: 'a failure after a return that was called off: told',
    shipments: [
      shipment(event('failure', DAY6), {
        events: [event('failure', DAY6), event('transit', DAY5), event('failure', DAY4, back)],
      }),
    ],
    expected: told(/does not say that the parcel goes back/),
  },
  {
    says: 'on its way back: nothing, until it ends',
    shipments: [shipment(event('transit', DAY5, back), { goesBack: true })],
    expected: nothing(/transit/),
  },
  {
    says: 'delivered after it turned back: not delivered, when it first turned back',
    shipments: [
      shipment(event('delivered', DAY6), {
        events: [event('delivered', DAY6), event('transit', DAY5, back), event('failure', DAY4, back)],
      }),
    ],
    expected: notDelivered(DAY4),
  },
  {
    says: 'the same in an order that is none',
    shipments: [
      shipment(event('delivered', DAY6), {
        events: [event('failure', DAY4, back), event('delivered', DAY6), event('transit', DAY5, back)],
      }),
    ],
    expected: notDelivered(DAY4),
  },
  {
    says: 'delivered and marked as a return, without a word of it: not delivered, at its own time',
    shipments: [shipment(event('delivered', DAY6), { goesBack: true })],
    expected: notDelivered(DAY6),
  },
  {
    says: 'delivered after a failure that was only one: delivered',
    shipments: [shipment(event('delivered', DAY6), { events: [event('delivered', DAY6), event('failure', DAY4)] })],
    expected: delivered(DAY6),
  },
  {
    says: 'only other numbers: nothing, and which',
    shipments: [
      shipment(event('delivered', DAY4), { number: 'JD01' }),
      shipment(event('delivered', DAY4), { number: NUMBER.slice(2) }),
    ],
    expected: nothing(/only other numbers \(JD01, 340434/),
  },
  {
    says: 'our number in small letters and with spaces is ours',
    shipments: [shipment(event('delivered', DAY4), { number: ` ${NUMBER.slice(0, 4)} ${NUMBER.slice(4)}` })],
    expected: delivered(DAY4),
  },
  {
    says: 'of several with our number the one that moved since the parcel was ready',
    shipments: [shipment(event('delivered', OLD)), shipment(event('transit', DAY4))],
    expected: nothing(/transit/),
  },
  {
    says: 'the same the other way round',
    shipments: [shipment(event('transit', OLD)), shipment(event('delivered', DAY4))],
    expected: delivered(DAY4),
  },
  {
    says: 'one of several moved on a day whose time is not told: it is newer if the day may be',
    shipments: [shipment(event('delivered', OLD)), shipment(event('failure', '2026-03-02', back), { goesBack: true })],
    expected: told(/without a time of day/),
  },
  {
    says: 'the only one was delivered before the parcel was ready, under a number that was used before: told',
    shipments: [shipment(event('delivered', OLD))],
    expected: { ...told(/delivered of a shipment .*older one/), code: 'delivered', at: new Date(OLD) },
  },
  {
    says: 'the only one went back before the parcel was ready: told',
    shipments: [shipment(event('failure', OLD, back))],
    expected: told(/failure of a shipment .*older one/),
  },
  {
    says: 'the only one ended on the day on which the parcel was ready, and its time is not told: it may be newer',
    shipments: [shipment(event('delivered', '2026-03-02'))],
    expected: told(/without a time of day/),
  },
  {
    says: 'the only one was announced before the parcel was ready, as is usual: nothing',
    shipments: [shipment(event('announced', OLD))],
    expected: nothing(/announced/),
  },
  {
    says: 'several that moved since: told',
    shipments: [shipment(event('delivered', DAY4)), shipment(event('transit', DAY4), { service: 'express' })],
    expected: told(/2 shipments .*parcel-de, express.* 2 of them/),
  },
  {
    says: 'several, none of which moved since: told',
    shipments: [shipment(event('delivered', OLD)), shipment(event('transit', OLD))],
    expected: told(/none of them moved/),
  },
];

describe('what a carrier says', () => {
  test.each(rows)('$says', ({ shipments, expected }) => {
    expect(whatCarrierSays(shipments, ASKED)).toMatchObject(expected);
  });

  test('of several, when nobody knows since when it is ready: told', () => {
    const both = [shipment(event('delivered', DAY4)), shipment(event('transit', OLD))];
    expect(whatCarrierSays(both, { ...ASKED, readyToShipAt: null })).toMatchObject(told(/none of them moved/));
  });

  test('of the only one, when nobody knows since when it is ready: what it says', () => {
    const old = [shipment(event('delivered', OLD))];
    expect(whatCarrierSays(old, { ...ASKED, readyToShipAt: null })).toMatchObject(delivered(OLD));
  });

  test('keeps code, time and service', () => {
    expect(whatCarrierSays([shipment(event('delivered', DAY4))], ASKED)).toEqual({
      ...{ is: 'ended', end: 'delivered', code: 'delivered', at: new Date(DAY4), service: 'parcel-de' },
    });
  });
});
