/** What the host says of an order's end, as every read of an order takes it out of `order_lazada l`. */
import type { Order } from '@lazada-sof/orders';

export type InstructionColumns = {
  deliveredFlag: boolean;
  deliveredAt: Date | null;
  deliveredSentAt: Date | null;
  notDeliveredFlag: boolean;
  notDeliveredAt: Date | null;
  notDeliveredSentAt: Date | null;
  notDeliveredReason: string | null;
  notDeliveredReleasedAt: Date | null;
};

export const INSTRUCTION_SELECT = `
         l.update_delivered is not distinct from 1 as "deliveredFlag", l.delivered_at as "deliveredAt",
         l.delivered_sent_at as "deliveredSentAt", l.update_not_delivered is not distinct from 1 as "notDeliveredFlag",
         l.not_delivered_at as "notDeliveredAt", l.not_delivered_sent_at as "notDeliveredSentAt",
         l.not_delivered_reason as "notDeliveredReason", l.not_delivered_released_at as "notDeliveredReleasedAt"`;

export const instructionsOf = (row: InstructionColumns): Pick<Order, 'delivered' | 'notDelivered'> => ({
  delivered: { flag: row.deliveredFlag, at: row.deliveredAt, sentAt: row.deliveredSentAt },
  notDelivered: {
    flag: row.notDeliveredFlag,
    at: row.notDeliveredAt,
    sentAt: row.notDeliveredSentAt,
    reason: row.notDeliveredReason,
    releasedAt: row.notDeliveredReleasedAt,
  },
});
