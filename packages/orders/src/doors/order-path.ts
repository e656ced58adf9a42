/** Where an order is looked at over HTTP, whoever tells the way: it does not say at which host. */
export const orderPath = (account: string, orderNumber: string): string =>
  `/v1/orders/${encodeURIComponent(account)}/${encodeURIComponent(orderNumber)}`;
