/** An account as the rules know it: without a secret, and with what of its row nobody can use. */
import type { Account, AccountStatus, SofDriver, SofRts } from '@lazada-sof/orders';
import { readSettings } from './account-settings.ts';

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
  a.id::text as "accountId", a.name as "accountName", a.country::text as "accountCountry", a.timezone as "accountTimezone",
  a.enabled as "accountEnabled", a.status as "accountStatus", a.status_reason as "accountStatusReason",
  a.delivery_type as "accountDeliveryType", a.sof_driver as "accountSofDriver", a.sof_rts as "accountSofRts",
  a.auto_send_not_delivered as "accountAutoSend", a.shipment_provider as "accountShipmentProvider",
  a.invoice_path_template as "accountInvoicePathTemplate"`;

/** Of `account.lazada a`: accounts whose orders may be worked on. */
export const ACTIVE = "a.enabled and a.status = 'active' and a.delivery_type = 'sof'";

/** Of `account.lazada a`, as `TokenTimes`. Whether there is a refresh token says its mark: nobody who looks needs the token. */
export const TOKEN_TIMES = `
  a.secrets_set_at ? 'refresh_token' as "hasRefreshToken", a.access_token_expires_at as "accessTokenExpiresAt",
  a.refresh_token_expires_at as "refreshTokenExpiresAt"`;

export function accountOf(row: AccountColumns): Account {
  return {
    accountId: row.accountId,
    name: row.accountName,
    ...readSettings({
      name: row.accountName,
      country: row.accountCountry,
      timezone: row.accountTimezone,
      invoicePathTemplate: row.accountInvoicePathTemplate,
    }),
    enabled: row.accountEnabled,
    status: row.accountStatus,
    statusReason: row.accountStatusReason,
    deliveryType: row.accountDeliveryType,
    sofDriver: row.accountSofDriver,
    sofRts: row.accountSofRts,
    autoSendNotDelivered: row.accountAutoSend,
    shipmentProvider: row.accountShipmentProvider,
  };
}
