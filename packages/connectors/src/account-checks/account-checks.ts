/**
 * Tries an account's credentials, for whoever asks whether they work: the SOF login, tokens that end soon, and a real call
 * of the Open Platform, since a token says nothing of what Lazada lets this app, shop and address do.
 */
import { probeOrders } from '@lazada-sof/clients';
import {
  type Account,
  type AccountCheck,
  asFailure,
  consentAgain,
  DAY,
  type Failure,
  HOUR,
  isUsable,
  type OpenPlatformCredentials,
  settingsFailure,
  type Tokens,
  traitsOf,
} from '@lazada-sof/orders';
import type { LazadaCalls } from '../lazada/calls.ts';
import type { SofCalls } from '../sof/calls.ts';

type AccountCheckParts = {
  readonly lazada: LazadaCalls;
  readonly sof: SofCalls;
  /** Those that are content with no stored token tell whether the password works; others, whether there is a token. */
  readonly tokens: Tokens;
};

export type CheckedAccount = {
  readonly checks: readonly AccountCheck[];
  /** The gravest failure: the one that parks the account, else the first. Null: everything works, some of it not for long. */
  readonly failure: Failure | null;
};

/** An access token that ends within this time is renewed now. */
const ENDS_SOON_MS = 48 * HOUR;

export type AccountChecks = {
  /** Never throws a failure of the outside: it becomes a check that is not ok. */
  check(account: Account, signal?: AbortSignal): Promise<CheckedAccount>;
};

type Clock = () => number;

/** Everything, for a person who asks. */
export const accountChecks = (parts: AccountCheckParts, clock: Clock = Date.now): AccountChecks =>
  checksOf(parts, clock, { call: true });

/** Tokens alone, for the scheduler: what it asks by itself makes no calls that the orders do not need. */
export const tokenChecks = (parts: AccountCheckParts, clock: Clock = Date.now): AccountChecks =>
  checksOf(parts, clock, { call: false });

function checksOf(
  { lazada, sof, tokens }: AccountCheckParts,
  clock: Clock,
  { call }: { call: boolean },
): AccountChecks {
  const lazadaCalls = lazada.withTokens(tokens);
  const sofCalls = sof.withTokens(tokens);
  return {
    async check(account, signal) {
      if (!isUsable(account)) return unusable(account);
      const results = [await checkAccessToken(lazadaCalls, tokens, account, clock())];
      if (call) results.push(await checkOpenPlatform(lazadaCalls, account, clock(), signal));
      if (traitsOf(account).needsSofLogin) results.push(await checkSofLogin(sofCalls, account, signal));
      const failures = results.flatMap(({ failure }) => failure ?? []);
      const failure = failures.find(({ kind }) => kind === 'misconfigured') ?? failures[0] ?? null;
      return { checks: results.map(({ check }) => check), failure };
    },
  };
}

/** Nobody outside is asked: it could be the wrong one. */
function unusable(account: Account): CheckedAccount {
  const failure = settingsFailure(account);
  return { checks: [{ check: 'settings', ok: false, detail: failure.message, fix: FIXES.settings() }], failure };
}

type Result = { readonly check: AccountCheck; readonly failure?: Failure };

const FIXES = {
  open_platform: () => 'mend what Lazada names, in the Open Platform console or the Seller Center, then test again',
  settings: () => 'correct it: sof account set, or where the host wrote it; its orders go on by themselves',
  access_token: ({ name }) => consentAgain(name),
  sof_login: () => 'set the user name and password that the SOF module accepts: sof account set',
} as const satisfies Readonly<Record<string, (account: Account) => string>>;

const checkSofLogin = (sof: SofCalls, account: Account, signal: AbortSignal | undefined): Promise<Result> =>
  resultOf('sof_login', account, async () => {
    await sof.token(account, signal);
    return 'the SOF module accepts the user name and password';
  });

const checkAccessToken = (lazada: LazadaCalls, tokens: Tokens, account: Account, now: number): Promise<Result> =>
  resultOf('access_token', account, async () => {
    const credentials = await tokens.openPlatform(account.accountId);
    if (!credentials.cannotBeRenewed && !endsSoon(credentials, now))
      return `the access token ends ${credentials.accessTokenExpiresAt?.toISOString() ?? 'at an untold time'}`;
    const renewed = await lazada.renew(account, credentials, { early: true });
    const ends = renewed.accessTokenExpiresAt?.toISOString() ?? 'at an untold time';
    // By tokens that only look, or because somebody else was quicker.
    return renewed.accessToken === credentials.accessToken
      ? `the access token ends ${ends}, and is renewed before`
      : `the access token was renewed and ends ${ends}`;
  });

const checkOpenPlatform = (
  lazada: LazadaCalls,
  account: Account,
  now: number,
  signal: AbortSignal | undefined,
): Promise<Result> =>
  resultOf('open_platform', account, async () => {
    const what = `a call for ${account.name}`;
    await lazada.call({ account, what }, await lazada.slot(account, signal), (platform, shop) =>
      probeOrders(platform, shop, new Date(now - DAY), { signal }),
    );
    return 'the Open Platform answers for this shop';
  });

const endsSoon = ({ accessTokenExpiresAt }: OpenPlatformCredentials, now: number) =>
  accessTokenExpiresAt !== null && accessTokenExpiresAt.getTime() - now < ENDS_SOON_MS;

/** Only the seller's consent gives an access token, whichever check finds that there is none. */
const wayOut = (check: keyof typeof FIXES, { accountStatus }: Failure, account: Account): string =>
  accountStatus === 'reauth_required' ? consentAgain(account.name) : FIXES[check](account);

/** Only what the account's owner can mend gets a way out; what passes by itself needs none. */
async function resultOf(check: keyof typeof FIXES, account: Account, attempt: () => Promise<string>): Promise<Result> {
  try {
    return { check: { check, ok: true, detail: await attempt() } };
  } catch (error) {
    const failure = asFailure(error);
    const fix = failure.kind === 'misconfigured' ? { fix: wayOut(check, failure, account) } : {};
    const told = { check: { check, ok: false, detail: failure.message, ...fix } };
    return failure.stillWorks ? told : { ...told, failure };
  }
}
