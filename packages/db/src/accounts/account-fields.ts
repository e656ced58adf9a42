/** What a person may say of an account, checked the same way at every door. */
import {
  COUNTRIES,
  DEFAULT_SOF_DRIVER,
  invoiceTemplateMistakes,
  SOF_DRIVERS,
  type SofDriver,
  traitsOf,
} from '@lazada-sof/orders';
import { z } from 'zod';
import { NO_TIMEZONE } from './account-settings.ts';
import { isTimezone } from './timezone.ts';

export const DELIVERY_TYPES = ['dropship', 'pickup', 'send_to_warehouse', 'sof'] as const;

/** What is wrong and what would be right, in the same words at every door. */
const says = (words: string) => (issue: { readonly input?: unknown }) =>
  issue.input === undefined ? `is missing: ${words}` : words;
const oneOf = <const Choice extends readonly string[]>(choices: Choice) =>
  z.enum(choices, { error: says(`write one of ${choices.join(', ')}`) });

const written = z.string({ error: ({ input }) => (input === undefined ? 'is missing' : 'write it as text') });
const text = written.trim().min(1, 'must not be empty').max(500, 'must have at most 500 characters');
const secret = written.min(1, 'must not be empty').max(4_000, 'must have at most 4000 characters');
const trueOrFalse = z.boolean({ error: says('write true or false') });
const time = z.iso
  .datetime({ offset: true, error: says('write a time with its offset, like 2026-11-24T08:00:00+08:00') })
  .transform((value) => new Date(value));

const timezone = z.string().refine(isTimezone, { error: NO_TIMEZONE });

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
  sofDriver: oneOf(SOF_DRIVERS).optional(),
  sofRts: oneOf(['package', 'legacy']).optional(),
  autoSendNotDelivered: trueOrFalse.optional(),
  invoicePathTemplate: template.nullable().optional(),
  enabled: trueOrFalse.optional(),
};
const required = {
  country: oneOf(COUNTRIES),
  appKey: text,
  appSecret: secret,
  deliveryType: oneOf(DELIVERY_TYPES),
};

type SigningIn = { deliveryType: string; sofDriver?: SofDriver | undefined; enabled?: boolean | undefined };
const signsIn = ({ deliveryType, sofDriver = DEFAULT_SOF_DRIVER, enabled = true }: SigningIn) =>
  enabled && deliveryType === 'sof' && traitsOf({ sofDriver }).needsSofLogin;
/** Asked also where other fields are wrong, so that every mistake is told at once. */
const neededToSignIn = (field: 'sofUsername' | 'sofPassword') => ({
  path: [field],
  error: 'is missing: an account of delivery type sof signs in with user name and password; set both, or disable it',
  when: ({ value, issues }: z.core.ParsePayload) =>
    typeof value === 'object' && value !== null && !issues.some(({ path }) => path?.[0] === field),
});

/** A new account. */
export const accountInput = z
  .strictObject({
    name: text.regex(/^[^/\s]+$/, 'must hold neither space nor "/": it is part of addresses'),
    ...required,
    ...optional,
  })
  .refine((account) => !signsIn(account) || account.sofUsername, neededToSignIn('sofUsername'))
  .refine((account) => !signsIn(account) || account.sofPassword, neededToSignIn('sofPassword'));
/** What is to change of an account; what is left out stays. */
export const accountPatch = z.strictObject({ ...z.object(required).partial().shape, ...optional });

export type AccountInput = z.output<typeof accountInput>;
export type AccountPatch = z.output<typeof accountPatch>;
