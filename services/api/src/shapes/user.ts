/** People, as administrators tell of them and are told. */
import { PersonRefused, ROLES } from '@lazada-sof/db';
import { isStorable } from '@lazada-sof/queue';
import { z } from 'zod';
import { invalid, Problem } from '../problem.ts';

export const role = z.enum(ROLES, `write one of: ${ROLES.join(', ')}`);
/** How it has to be is looked at where people are made. */
const password = z.string().describe('12 characters at least, none of the most common, not made of the name.');

export const newUser = z.strictObject({ name: z.string(), role, password });
export const userChange = z.strictObject({ role: role.optional(), password: password.optional() });

const WHOSE = 'write the name of a person';
export const userName = z.strictObject({
  name: z
    .string()
    .min(1, WHOSE)
    .max(100, WHOSE)
    .refine(isStorable, WHOSE)
    .describe('The person, by the name with which they sign in.')
    .meta({ example: 'example-person' }),
});

export const userShape = z.object({ name: z.string(), role: z.enum(ROLES) }).meta({ id: 'User' });

export const lastAdmin = (name: string) =>
  new Problem(409, `${name} is the last administrator: make somebody else one first, with PATCH /v1/users/{name}.`);

/** For `catch`: 422 that names the field, without the password. */
export function explainRefused(error: unknown): never {
  throw error instanceof PersonRefused ? invalid({ field: error.field, detail: error.message }) : error;
}
