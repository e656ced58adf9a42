/**
 * Every account whose orders are worked on, by real calls, as `account test` makes them. Nothing is renewed, stored, parked or
 * un-parked; of a parked one nobody outside is asked, so that a password that is wrong is not tried again and again.
 */
import type { AccountChecks } from '@lazada-sof/connectors';
import type { AccountView, Db } from '@lazada-sof/db';
import { type AccountCheck, consentAgain, endsSoon, type TokenTimes, tokenEnd } from '@lazada-sof/orders';
import type { Config } from '@lazada-sof/runtime';
import { AT_ONCE } from '../at-once.ts';
import { withDb } from '../connections.ts';
import { type Finding, good, odd, red } from './finding.ts';
import { lookIntoOne, type Room } from './rooms.ts';

const EACH_MS = 60_000;
/** So many accounts are looked at beside one another. */
const LANES = 4;

/** Of what passes by itself, and of a way that is closed. */
const NOT_THE_ACCOUNT =
  'nothing has to be changed in the account: look at SOFP_URL, LAZADA_REST_URL and LAZADA_AUTH_URL, and whether this machine may reach them';

type Settings = Config<'database' | 'keys' | 'lazada' | 'sofp'>;

export const accountsRoom = (settings: Settings): Room => ({
  name: 'accounts',
  // Each has a limit of its own, and so has the database.
  limitMs: 2 ** 31 - 1,
  fix: 'accounts are read from the database: mend what is said of that first',
  look: (signal) => withDb(settings, (db) => lookAtAccounts(db, settings, signal)),
});

async function lookAtAccounts(db: Db, settings: Settings, signal: AbortSignal): Promise<readonly Finding[]> {
  const all = await db.accounts.list();
  const worked = all.filter(({ enabled, deliveryType }) => enabled && deliveryType === 'sof');
  if (worked.length === 0)
    return [good('accounts', `none of ${all.length} is enabled and sof: there is nothing to look at`)];
  const { accountChecks, openLazadaCalls, openSofCalls } = await import('@lazada-sof/connectors');
  const parts = { tokens: db.lookingTokens, limiter: AT_ONCE };
  const lazada = openLazadaCalls({ ...parts, settings: settings.lazada });
  const sof = openSofCalls({ ...parts, settings: settings.sofp });
  try {
    const checks = accountChecks({ lazada, sof, tokens: db.lookingTokens });
    return (await inLanes(worked, (one) => lookIntoOne(roomOf(one, { db, checks, signal })))).flat();
  } finally {
    lazada.close();
    sof.close();
  }
}

type Tools = { readonly db: Db; readonly checks: AccountChecks; readonly signal: AbortSignal };

const roomOf = (view: AccountView, { db, checks, signal }: Tools): Room => ({
  name: `account ${view.name}`,
  limitMs: EACH_MS,
  fix: NOT_THE_ACCOUNT,
  async look(late) {
    if (view.status !== 'active') return [parked(view)];
    const account = await db.accounts.byId(view.accountId);
    if (!account) return [odd(`account ${view.name}`, 'was removed while this looked')];
    const { checks: made } = await checks.check(account, AbortSignal.any([late, signal]));
    return accountFindings(view, made, new Date());
  },
});

/** As many at once as there are lanes; the answers in the order of what was asked. */
async function inLanes<One, Answer>(all: readonly One[], work: (one: One) => Promise<Answer>): Promise<Answer[]> {
  const answers = new Array<Answer>(all.length);
  const next = all.entries();
  const lane = async () => {
    for (const [at, one] of next) answers[at] = await work(one);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
  return answers;
}

export const parked = ({ name, status, statusReason }: AccountView): Finding =>
  red(
    `account ${name}`,
    `parked (${status}${statusReason ? `: ${statusReason}` : ''}); its orders wait, and nobody was asked`,
    status === 'reauth_required'
      ? consentAgain(name)
      : `mend it (sof account set ${name}); where nothing had to be changed here, sof account test ${name} lets it go on`,
  );

/** One line for an account that is well; else one for each thing that is not. */
export function accountFindings(view: AccountView, made: readonly AccountCheck[], now: Date): Finding[] {
  const check = `account ${view.name}`;
  const bad = made
    .filter(({ ok }) => !ok)
    .map((one) => red(`${check}: ${one.check}`, one.detail, one.fix ?? NOT_THE_ACCOUNT));
  const told = [...bad, ...ending(view, now), ...waiting(view)];
  if (told.some(({ ok }) => !ok)) return told;
  return [good(check, made.map(({ detail }) => detail).join('; ')), ...told];
}

/** The seller has to do something about it soon. */
function ending({ name, refreshToken, ...view }: AccountView, now: Date): Finding[] {
  const times: TokenTimes = { ...view, hasRefreshToken: refreshToken.set };
  const soon = endsSoon(times, now);
  const check = `account ${name}: tokens`;
  if (soon)
    return [
      odd(check, `its ${soon.token} ends ${soon.at.toISOString()}, and nothing of ours renews it`, consentAgain(name)),
    ];
  const end = tokenEnd(times, now);
  return end && !end.isRenewed
    ? [good(check, `good until ${end.at.toISOString()}; then the seller has to consent again`)]
    : [];
}

/** An active account may have something said of it: its packing waits. */
const waiting = ({ name, statusReason }: AccountView): Finding[] =>
  statusReason ? [odd(`account ${name}`, statusReason, `correct what it names: sof account set ${name}`)] : [];
