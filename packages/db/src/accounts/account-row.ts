/** An account as the rules know it: without a secret, and with a time zone also where the host names none. */
import {
  type Account,
  type AccountStatus,
  COUNTRIES,
  type Country,
  type SofDriver,
  type SofRts,
} from '@lazada-sof/orders';

const TIMEZONES: Readonly<Record<Country, string>> = {
  SG: 'Asia/Singapore',
  MY: 'Asia/Kuala_Lumpur',
  TH: 'Asia/Bangkok',
  VN: 'Asia/Ho_Chi_Minh',
  PH: 'Asia/Manila',
  ID: 'Asia/Jakarta',
};

export type AccountColumns = {
  accountId: string;
  accountName: string;
  accountCountry: string | null;
  accountTimezone: string | null;
  accountEnabled: boolean;
  accountStatus: AccountStatus;
  accountStatusReason: string | null;
  accountDeliveryType: string | null;
  accountSofDriver: SofDriver;
  accountSofRts: SofRts;
  accountAutoSend: boolean;
  accountShipmentProvider: string | null;
  accountInvoicePathTemplate: string | null;
};

/** Of `account.lazada a`. */
export const ACCOUNT_SELECT = `
  a.id::text as "accountId", a.name as "accountName", a.country as "accountCountry", a.timezone as "accountTimezone",
  a.enabled as "accountEnabled", a.status as "accountStatus", a.status_reason as "accountStatusReason",
  a.delivery_type as "accountDeliveryType", a.sof_driver as "accountSofDriver", a.sof_rts as "accountSofRts",
  a.auto_send_not_delivered as "accountAutoSend", a.shipment_provider as "accountShipmentProvider",
  a.invoice_path_template as "accountInvoicePathTemplate"`;

/** Of `account.lazada a`: accounts whose orders may be worked on. */
export const ACTIVE = "a.enabled and a.status = 'active' and a.delivery_type = 'sof'";

export function accountOf(row: AccountColumns): Account {
  const country = countryOf(row.accountCountry);
  return {
    accountId: row.accountId,
    name: row.accountName,
    country,
    timezone: row.accountTimezone || TIMEZONES[country],
    enabled: row.accountEnabled,
    status: row.accountStatus,
    statusReason: row.accountStatusReason,
    deliveryType: row.accountDeliveryType,
    sofDriver: row.accountSofDriver,
    sofRts: row.accountSofRts,
    autoSendNotDelivered: row.accountAutoSend,
    shipmentProvider: row.accountShipmentProvider,
    invoicePathTemplate: row.accountInvoicePathTemplate,
  };
}

/** The host writes the column: `sg` is Singapore, and so is what says nothing that Lazada knows. */
function countryOf(text: string | null): Country {
  const upper = text?.trim().toUpperCase();
  return COUNTRIES.find((country) => country === upper) ?? 'SG';
}
