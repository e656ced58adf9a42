/**
 * An answer of DHL's tracking, as much of it as is read. Every field is optional, and one of another form than it should have
 * counts as left out: what the services behind it send differs, and what we do not understand must not hide what we do.
 */
import { z } from 'zod';

/** Ids and times are text; DHL Express sends its ids as numbers. */
const text = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);

const place = z
  .object({ address: z.object({ countryCode: text }).optional().catch(undefined) })
  .optional()
  .catch(undefined);

const event = z.object({ timestamp: text, location: place, statusCode: text, status: text, description: text });

/** What is no list has no elements, and an element that is no object is none. */
const listOf = <Element>(element: z.ZodType<Element>) =>
  z
    .array(element.nullable().catch(null))
    .catch([])
    .transform((list): Element[] => list.filter((one) => one !== null));

const shipment = z.object({
  id: text,
  service: text,
  destination: place,
  status: event.optional().catch(undefined),
  returnFlag: z.union([z.boolean(), z.stringbool()]).optional().catch(undefined),
  events: listOf(event),
});

export const TrackedAnswer = z.object({ shipments: listOf(shipment) });

export type DhlEvent = z.output<typeof event>;
export type DhlShipment = z.output<typeof shipment>;
