/**
 * Renews something of an account's while nobody else does, under an advisory lock over all processes; no row of the host's
 * table is locked while the outside is asked. What came of it is written down as long as what it was made of is still what
 * the row says, however much else of the row was written meanwhile.
 */
import { ACCOUNT_PARKED, accountVerdict, Failure } from '@lazada-sof/orders';
import type pg from 'pg';
import { type Transaction, transaction } from '../sql/transaction.ts';
import { wordsToKeep } from '../sql/words.ts';
import { isReadable, isSecret, opened, type SecretField, sealReadable } from './account-secrets.ts';
import { type Credentials, lockCredentials, readCredentials, refuseParked } from './credentials.ts';
import type { KeyRing } from './secrets.ts';

export type RenewalTools = {
  pool: pg.Pool;
  /** Each renewal holds a connection while the outside is asked. */
  renewals: pg.Pool;
  keys: KeyRing;
  source: string;
  /** Of an account that is parked too. */
  verifying: boolean;
};

/** By these a call of the outside is made; its answer says nothing about others. */
type MadeOf = readonly (SecretField | 'appKey' | 'sofUsername')[];
export const OPEN_PLATFORM: MadeOf = ['appKey', 'appSecret', 'accessToken', 'refreshToken'];
export const SOF_LOGIN: MadeOf = ['sofUsername', 'sofPassword'];

/** Columns with their new values, as they are to be stored. */
export type Renewed = { readonly assignments: string; readonly values: readonly unknown[] };

export type Renewal<Answer> = {
  readonly accountId: string;
  readonly madeOf: MadeOf;
  /** Asks the outside. Without `renewed`: somebody else was quicker, there is nothing to store. */
  readonly ask: (current: Credentials) => Promise<{ readonly answer: Answer; readonly renewed?: Renewed }>;
};

/** Longer than any sign-in or refresh takes. */
export const RENEWAL_MS = 90_000;
/** The first half of the lock's key; the second is the account. */
const LOCK_SPACE = 0x50f;
const MOST_ROUNDS = 3;

/**
 * Asks again where what it asked with was changed meanwhile. Where the outside refuses it the account is parked before the
 * next in line may look.
 */
export async function renew<Answer>(tools: RenewalTools, renewal: Renewal<Answer>): Promise<Answer> {
  const { pool, keys, verifying } = tools;
  const { accountId } = renewal;
  // A transaction of its own, over before anybody outside is asked: it locks the account's row.
  await transaction(pool, { source: 'tokens' }, async (client) =>
    sealReadable(client, keys, await readCredentials(client, accountId)),
  );
  const outcome = await underRenewalLock(tools, accountId, async (client) => {
    for (let round = 1; round <= MOST_ROUNDS; round++) {
      const current = await readCredentials(client, accountId);
      if (!verifying) refuseParked(current);
      const outcome = await tryOnce(client, tools, renewal, current);
      if (outcome !== 'changed') return outcome;
    }
    throw new Failure('transient', `account ${accountId}: its credentials change all the time`, {
      code: 'credentials_changed',
    });
  });
  if ('answer' in outcome) return outcome.answer;
  throw verifying ? outcome.refused : alreadyParked(outcome.refused);
}

/** Nobody else renews anything of the account meanwhile; its row is locked by nobody. */
export const underRenewalLock = <Answer>(
  { renewals, source }: Pick<RenewalTools, 'renewals' | 'source'>,
  accountId: string,
  work: (client: Transaction) => Promise<Answer>,
): Promise<Answer> =>
  transaction(renewals, { source, lockTimeoutMs: RENEWAL_MS, idleTimeoutMs: RENEWAL_MS }, async (client) => {
    await client.query('select pg_advisory_xact_lock($1, hashint8($2))', [LOCK_SPACE, accountId]);
    return work(client);
  });

type Outcome<Answer> = { answer: Answer } | { refused: Failure } | 'changed';

async function tryOnce<Answer>(
  client: Transaction,
  { keys }: RenewalTools,
  { madeOf, ask }: Renewal<Answer>,
  current: Credentials,
): Promise<Outcome<Answer>> {
  const asked = await ask(current).catch(parkingFailure);
  if (!('renewed' in asked) && !('refused' in asked)) return asked;
  const locked = await lockCredentials(client, current.accountId);
  if (madeOf.some((field) => isChanged(keys, field, current, locked))) return 'changed';
  if ('refused' in asked) await park(client, current.accountId, asked.refused);
  else if (asked.renewed) await store(client, current.accountId, asked.renewed);
  return asked;
}

/** @throws the error, where it parks nobody */
function parkingFailure(error: unknown): { refused: Failure } {
  if (error instanceof Failure && accountVerdict(error).kind === 'park') return { refused: error };
  throw error;
}

/**
 * By what it says: sealing a secret, or writing it again, changes only what is stored. One that was sealed with a key
 * that this process has not got was sealed by a newer process of ours.
 */
export function isChanged(keys: KeyRing, field: MadeOf[number], before: Credentials, after: Credentials): boolean {
  if (!isSecret(field)) return before[field] !== after[field];
  if (!isReadable(keys, after[field])) return false;
  const { accountId } = before;
  return opened(keys, accountId, field, before[field]) !== opened(keys, accountId, field, after[field]);
}

async function park(client: Transaction, accountId: string, failure: Failure): Promise<void> {
  const verdict = accountVerdict(failure);
  if (verdict.kind !== 'park') return;
  await client.query('update account.lazada set status = $2, status_reason = $3 where id = $1', [
    accountId,
    verdict.status,
    wordsToKeep(verdict.reason),
  ]);
}

async function store(client: Transaction, accountId: string, { assignments, values }: Renewed): Promise<void> {
  await client.query("select set_config('lazada_sof.source', 'tokens', true)");
  await client.query(`update account.lazada set ${assignments} where id = $1`, [accountId, ...values]);
}

/** Said with the code that means: it is written down already, nobody else needs to park it. */
const alreadyParked = (failure: Failure): Failure =>
  new Failure('misconfigured', failure.message, {
    code: ACCOUNT_PARKED,
    cause: failure,
    ...(failure.accountStatus && { accountStatus: failure.accountStatus }),
  });
