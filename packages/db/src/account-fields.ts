/** What a person may say of an account, checked the same way at every door. */
import { COUNTRIES, invoiceTemplateMistakes } from '@lazada-sof/orders';
import { z } from 'zod';

export const DELIVERY_TYPES = ['dropship', 'pickup', 'send_to_warehouse', 'sof'] as const;

const text = z.string().trim().min(1).max(500);
const secret = z.string().min(1).max(4_000);
const time = z.union([z.date(), z.iso.datetime({ offset: true }).transform((value) => new Date(value))]);

const timezone = z.string().refine(isTimezone, { error: 'is no IANA time zone; write one like Asia/Bangkok' });
function isTimezone(name: string): boolean {
  try {
    return Boolean(new Intl.DateTimeFormat('en', { timeZone: name }));
  } catch {
    return false;
  }
}

const template = z.string().superRefine((value, context) => {
  for (const message of invoiceTemplateMistakes(value)) context.addIssue({ code: 'custom', message });
});

const optional = {
  timezone: timezone.nullable().optional(),
  accessToken: secret.nullable().optional(),
  refreshToken: secret.nullable().optional(),
  accessTokenExpiresAt: time.nullable().optional(),
  refreshTokenExpiresAt: time.nullable().optional(),
  shipmentProvider: text.nullable().optional(),
  sofUsername: text.nullable().optional(),
  sofPassword: secret.nullable().optional(),
  sofDriver: z.enum(['sofp', 'dbs']).optional(),
  sofRts: z.enum(['package', 'legacy']).optional(),
  autoSendNotDelivered: z.boolean().optional(),
  invoicePathTemplate: template.nullable().optional(),
  enabled: z.boolean().optional(),
};
const required = {
  country: z.enum(COUNTRIES),
  appKey: text,
  appSecret: secret,
  deliveryType: z.enum(DELIVERY_TYPES),
};

/** A new account. */
export const accountInput = z
  .strictObject({
    name: text.regex(/^[^/\s]+$/, 'must hold neither space nor "/": it is part of addresses'),
    ...required,
    ...optional,
  })
  .superRefine(({ deliveryType, sofDriver = 'sofp', enabled = true, sofUsername, sofPassword }, context) => {
    if (!enabled || deliveryType !== 'sof' || sofDriver !== 'sofp') return;
    for (const [field, value] of Object.entries({ sofUsername, sofPassword }))
      if (!value) context.addIssue({ code: 'custom', path: [field], message: `is needed while deliveryType is sof` });
  });
/** What is to change of an account; what is left out stays. */
export const accountPatch = z.strictObject({ ...z.object(required).partial().shape, ...optional });

export type AccountInput = z.output<typeof accountInput>;
export type AccountPatch = z.output<typeof accountPatch>;
