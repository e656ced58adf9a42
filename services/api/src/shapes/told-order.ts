/** An order as somebody without a host system tells it. */
import { storableText } from '@lazada-sof/queue';
import { z } from 'zod';

const MOST_ITEMS = 1_000;

const item = z.strictObject({
  orderItemId: storableText(100).describe("Lazada's id of the item."),
  sku: storableText(500).exactOptional(),
});

export const toldOrder = z
  .strictObject({
    toolStatus: storableText(100)
      .exactOptional()
      .describe('ready_for_delivery, together with updateShipping 1: it is to be set ready to ship.'),
    updateShipping: z.literal([0, 1], 'write 0 or 1, as a number').exactOptional(),
    items: z
      .array(item)
      .max(MOST_ITEMS, `it has more than ${MOST_ITEMS} items; send the others in another call, they are added`)
      .superRefine((items, context) => {
        for (const [index, { orderItemId }] of items.entries())
          if (items.findIndex((other) => other.orderItemId === orderItemId) < index)
            context.addIssue({
              code: 'custom',
              path: [index, 'orderItemId'],
              message: 'it is there twice; leave one out',
            });
      })
      .exactOptional()
      .describe('Added to those that are there; none is ever removed.'),
  })
  .meta({ id: 'ToldOrder' });
