import type { Account } from '@lazada-sof/orders';

/** An active account of a seller with an own fleet. */
export const anAccount = (fields: Partial<Account> = {}): Account => ({
  accountId: '7',
  name: 'shop-7',
  country: 'SG',
  timezone: 'Asia/Singapore',
  enabled: true,
  status: 'active',
  statusReason: null,
  deliveryType: 'sof',
  sofDriver: 'sofp',
  sofRts: 'package',
  autoSendNotDelivered: false,
  shipmentProvider: null,
  invoicePathTemplate: null,
  ...fields,
});
