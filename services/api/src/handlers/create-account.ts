import { AccountRefused, accountInput } from '@lazada-sof/db';
import { answer, endpoint } from '../endpoint.ts';
import { Problem } from '../problem.ts';
import { accountShape, shownAccount } from '../shapes/account.ts';

export const createAccount = endpoint({
  summary: 'Create an account',
  body: accountInput,
  answers: { 201: accountShape },
  refusals: { 409: 'There is an account of that name already.' },
  async handle({ body }, { db }) {
    const created = await db.accounts.create(body).catch((error: unknown) => {
      throw error instanceof AccountRefused && error.field === 'name' ? taken(body.name) : error;
    });
    return answer(201, shownAccount(created));
  },
});

const taken = (name: string) =>
  new Problem(
    409,
    `There is an account ${name} already: change it with PATCH /v1/accounts/${name}, or choose another name.`,
  );
