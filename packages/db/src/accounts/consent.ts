/**
 * A seller's consent in the account's row: the state of the link that was opened, the code that he came back with, and the
 * one exchange of it. A code is good once, so it is exchanged under the lock of the account's renewals.
 */
import { randomBytes } from 'node:crypto';
import {
  asFailure,
  CONSENT_LINK_MS,
  type ConsentAnswer,
  type ConsentOutcome,
  type Consents,
  type ConsentTokens,
  Failure,
  type OpenedLink,
  wrongLink,
} from '@lazada-sof/orders';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { opened, sealed } from './account-secrets.ts';
import { type Credentials, lockCredentials, missing, readCredentials } from './credentials.ts';
import { isChanged, type RenewalTools, underRenewalLock } from './renewal.ts';
import { pairColumns } from './tokens.ts';

type GivenCode = Extract<ConsentAnswer, { code: string }>;

export interface ConsentStore extends Consents {
  /** Makes a new link possible, in place of an older one. Answers its state; null: there is no such account. */
  open(accountId: string): Promise<{ readonly state: string; readonly endsAt: Date } | null>;
  /** Seals the code into the account's row, for `exchange`. Else answers why it belongs to no link of ours; writes nothing. */
  take(accountId: string, given: GivenCode): Promise<{ readonly refused: string } | null>;
  /** How the last answer stands: its code waits, was exchanged, or (its link is open still) was of no use. */
  standing(accountId: string): Promise<'waiting' | 'exchanged' | 'refused'>;
}

const STATE_BYTES = 24;

export function openConsents(tools: RenewalTools): ConsentStore {
  const { pool, keys, source } = tools;
  return {
    async open(accountId) {
      const state = randomBytes(STATE_BYTES).toString('base64url');
      const { rows } = await pool.query<{ at: Date }>(
        `update account.lazada set consent_state = $2, consent_state_at = clock_timestamp() where id = $1
         returning consent_state_at as at`,
        [accountId, state],
      );
      return rows[0] ? { state, endsAt: new Date(rows[0].at.getTime() + CONSENT_LINK_MS) } : null;
    },

    take: (accountId, { code, state }) =>
      transaction(pool, { source }, async (client) => {
        const { rows } = await client.query<OpenedLink & { now: Date }>(
          `select consent_state as state, consent_state_at as at, clock_timestamp() as now
             from account.lazada where id = $1 for no key update`,
          [accountId],
        );
        const refused = rows[0] ? wrongLink(rows[0], state, rows[0].now) : 'the account is gone';
        if (refused !== null) return { refused };
        await client.query('update account.lazada set consent_code = $2 where id = $1', [
          accountId,
          sealed(keys, accountId, 'consentCode', code),
        ]);
        return null;
      }),

    async standing(accountId) {
      const { rows } = await pool.query<{ waits: boolean; isOpen: boolean }>(
        `select consent_code is not null as waits, consent_state is not null as "isOpen" from account.lazada where id = $1`,
        [accountId],
      );
      if (rows[0]?.waits) return 'waiting';
      return rows[0]?.isOpen === false ? 'exchanged' : 'refused';
    },

    async exchange(accountId, ask) {
      const { rows } = await pool.query('select from account.lazada where id = $1 and consent_code is not null', [
        accountId,
      ]);
      if (rows.length === 0) return null;
      return underRenewalLock(tools, accountId, (client) => exchangeOnce(client, tools, accountId, ask));
    },
  };
}

type Ask = Parameters<Consents['exchange']>[1];

async function exchangeOnce(
  client: Transaction,
  tools: RenewalTools,
  accountId: string,
  ask: Ask,
): Promise<ConsentOutcome | null> {
  const before = await readCredentials(client, accountId);
  // Whoever had the lock before has exchanged it.
  if (before.consentCode === null) return null;
  const asked = await made(tools, before, ask);
  const now = await lockCredentials(client, accountId);
  const outcome =
    asked.ok && isOfAnotherApp(tools, before, now) ? { ok: false as const, failure: appChanged(now) } : asked;
  // Sealed anew meanwhile it is the same code, and one that was exchanged is of no use any more.
  const used = isChanged(tools.keys, 'consentCode', before, now) ? before : now;
  if (outcome.ok) await keep(client, tools, used, outcome.made);
  else await forget(client, used);
  return outcome;
}

async function made({ keys }: RenewalTools, current: Credentials, ask: Ask): Promise<ConsentOutcome> {
  const { accountId, name, appKey } = current;
  try {
    const appSecret = opened(keys, accountId, 'appSecret', current.appSecret);
    const code = opened(keys, accountId, 'consentCode', current.consentCode);
    if (!appKey || !appSecret || !code) throw missing(name, 'app key and app secret', 'auth_failed');
    return { ok: true, made: await ask({ appKey, appSecret, code }) };
  } catch (error) {
    return { ok: false, failure: asFailure(error) };
  }
}

/** Tokens are of the app that the code was exchanged for. */
const isOfAnotherApp = ({ keys }: RenewalTools, before: Credentials, now: Credentials): boolean =>
  isChanged(keys, 'appKey', before, now) || isChanged(keys, 'appSecret', before, now);

const appChanged = ({ name }: Credentials) =>
  new Failure('rejected', `account ${name}: its app key or app secret was changed meanwhile, its tokens are not kept`, {
    code: 'credentials_changed',
  });

/** A code that somebody gave since stays. */
const WITHOUT_CODE = (place: string) =>
  `consent_code = case when consent_code is distinct from ${place} then consent_code end`;

/** Not said to be `tokens`: these credentials are new in earnest, so the triggers un-park the account. */
async function keep(
  client: Transaction,
  { keys }: RenewalTools,
  { accountId, consentCode }: Credentials,
  pair: ConsentTokens,
): Promise<void> {
  const { assignments, values } = pairColumns(keys, accountId, pair);
  await client.query(
    `update account.lazada set ${assignments}, consent_state = null, consent_state_at = null, ${WITHOUT_CODE('$6')}
      where id = $1`,
    [accountId, ...values, consentCode],
  );
}

async function forget(client: Transaction, { accountId, consentCode }: Credentials): Promise<void> {
  await client.query(`update account.lazada set ${WITHOUT_CODE('$2')} where id = $1`, [accountId, consentCode]);
}
