/** An account as it goes out. Secrets go in and never come out: only whether and when they were set. */
import type { AccountView, SecretView } from '@lazada-sof/db';
import { z } from 'zod';
import { timeOut, written } from './common.ts';

const secret = z.object({ set: z.boolean(), setAt: timeOut.nullable() });
const text = z.string().nullable();
const time = timeOut.nullable();

export const accountShape = z
  .object({
    name: z.string(),
    country: text,
    timezone: text.describe("IANA name; null: the country's."),
    appKey: text,
    appSecret: secret,
    accessToken: secret,
    refreshToken: secret,
    accessTokenExpiresAt: time,
    refreshTokenExpiresAt: time,
    shipmentProvider: text,
    deliveryType: text.describe('sof: its orders are reported by the seller.'),
    sofUsername: text,
    sofPassword: secret,
    sofDriver: z.string().describe('Statuses are reported through the SOF module (sofp) or the Open Platform (dbs).'),
    sofRts: z.string().describe('How orders are set ready to ship; legacy: the retired /order/rts.'),
    autoSendNotDelivered: z.boolean().describe('Not-delivered is sent without a person releasing it.'),
    invoicePathTemplate: text.describe("null: the installation's."),
    enabled: z.boolean(),
    status: z.enum(['active', 'auth_failed', 'reauth_required']).describe('Parked unless active: its orders wait.'),
    statusReason: text,
  })
  .meta({ id: 'Account' });

export const shownAccount = ({ accountId: _ours, ...account }: AccountView): z.output<typeof accountShape> => ({
  ...account,
  appSecret: shownSecret(account.appSecret),
  accessToken: shownSecret(account.accessToken),
  refreshToken: shownSecret(account.refreshToken),
  accessTokenExpiresAt: written(account.accessTokenExpiresAt),
  refreshTokenExpiresAt: written(account.refreshTokenExpiresAt),
  sofPassword: shownSecret(account.sofPassword),
});

const shownSecret = ({ set, setAt }: SecretView) => ({ set, setAt: written(setAt) });
