/** What went wrong and what heals it, in one line each. */
import type { Numbers, TroubledAccount, TroubledOrder } from './numbers.ts';

export type Trouble = { what: string; heals: string };

export const troublesOf = ({ accounts, orders }: Pick<Numbers, 'accounts' | 'orders'>): Trouble[] => [
  ...accounts.map(accountTrouble),
  ...orders.map(orderTrouble),
];

function accountTrouble({ account, status, reason }: TroubledAccount): Trouble {
  return {
    what: `account ${account} is parked (${status}): ${reason ?? 'its credentials do not work'}`,
    heals: 'the right credentials (here the host gets them after half a minute); its orders wait, the others go on',
  };
}

function orderTrouble(order: TroubledOrder): Trouble {
  const { account, orderNumber, kind, what, detail, dueAt } = order;
  const subject = `order ${account} ${orderNumber}`;
  switch (kind) {
    case 'held':
      return {
        what: `${subject} is held: ${what.replaceAll('_', ' ')}`,
        heals: HOLDS[what]?.(order) ?? 'see order explain',
      };
    case 'blocked':
      return {
        what: `${subject}: ${what.replaceAll('_', ' ')} given up, ${detail ?? 'no reason told'}`,
        heals: `Retry in the dashboard, or: npm run sof -- order release ${account} ${orderNumber}`,
      };
    case 'waits':
      return {
        what: `${subject}: ${detail ?? what.replaceAll('_', ' ')}`,
        heals: `itself, looked at again at ${dueAt?.toLocaleTimeString('en-GB') ?? 'its time'}`,
      };
  }
}

const itself = (when: string) => () => `itself, ${when}`;

/** How each hold ends. */
const HOLDS: Readonly<Record<string, (order: TroubledOrder) => string>> = {
  cancel_pending: itself('once the cancellation is decided'),
  conflict: ({ orderId }) =>
    `taking one back: node packages/local/sql.mjs "update order_lazada set update_not_delivered = 0 where order_id = ${orderId}"`,
  not_sof: ({ account, orderNumber }) => `npm run sof -- order release ${account} ${orderNumber} (reads it again)`,
  too_early: itself('once the order is ready to ship'),
  out_of_order: itself('when its time comes'),
  awaiting_tracking: itself('once Lazada tells the tracking number'),
  awaiting_release: ({ account, orderNumber }) => `npm run sof -- order release ${account} ${orderNumber}`,
  status_mismatch: ({ account, orderNumber }) => `npm run sof -- order send ${account} ${orderNumber}`,
  tracking_missing: itself('once Lazada tells the tracking number'),
};
